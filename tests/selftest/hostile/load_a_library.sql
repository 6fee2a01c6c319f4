-- Loads a library of its own into the server.
LOAD '/outside/evil.so';
