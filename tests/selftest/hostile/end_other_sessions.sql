-- finds: the migration reaches beyond its database.*it ended a session that is not its own
-- Ends every other session of its role.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE usename = 'postgres' AND pid <> pg_backend_pid();
