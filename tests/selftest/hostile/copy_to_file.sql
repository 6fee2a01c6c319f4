-- finds: SQLSTATE 42501
-- Writes a file on the machine.
COPY (SELECT 'taken') TO '/outside/written';
