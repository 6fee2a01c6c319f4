-- finds: SQLSTATE 42501
-- Changes the configuration of the server.
ALTER SYSTEM SET archive_command = 'touch /outside/ran';
