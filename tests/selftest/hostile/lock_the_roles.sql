-- finds: SQLSTATE 42501
-- Locks the table of roles, so that nobody can connect.
BEGIN;
LOCK TABLE pg_authid IN ACCESS EXCLUSIVE MODE;
COMMIT;
