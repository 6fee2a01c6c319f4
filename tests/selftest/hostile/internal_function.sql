-- finds: SQLSTATE 42501
-- Takes a function of the server's own under another name, without its checks.
CREATE FUNCTION look(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all';
