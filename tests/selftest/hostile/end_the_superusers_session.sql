-- finds: SQLSTATE 42501
-- Ends the sessions of the superuser.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'supabase_admin';
