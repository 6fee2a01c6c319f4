-- Writes a file on the machine.
COPY (SELECT 'taken') TO '/outside/written';
