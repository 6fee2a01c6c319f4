-- finds: SQLSTATE 42501|role \"pg_write_server_files\" does not exist
-- Makes a role that may write files, and acts as it.
CREATE ROLE writer IN ROLE pg_write_server_files;
SET ROLE writer;
COPY (SELECT 'taken') TO '/outside/written';
