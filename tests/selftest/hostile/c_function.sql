-- finds: SQLSTATE 42501
-- Calls the C library.
CREATE FUNCTION run(cstring) RETURNS integer LANGUAGE c AS 'libc.so.6', 'system';
SELECT run('touch /outside/ran');
