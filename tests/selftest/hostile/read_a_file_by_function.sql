-- finds: SQLSTATE 42501
-- Reads a file of the machine by a function of the server.
SELECT pg_read_file('/etc/passwd');
