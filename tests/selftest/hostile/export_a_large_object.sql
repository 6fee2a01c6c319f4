-- finds: SQLSTATE 42501
-- Writes a large object to a file of the machine.
SELECT lo_export(lo_from_bytea(0, 'taken'), '/outside/written');
