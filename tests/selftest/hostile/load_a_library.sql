-- finds: SQLSTATE 42501
-- Loads a library of its own into the server.
LOAD '/outside/evil.so';
