-- Changes the configuration of the server.
ALTER SYSTEM SET archive_command = 'touch /outside/ran';
