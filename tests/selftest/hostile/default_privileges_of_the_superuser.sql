-- finds: SQLSTATE 42501
-- Sees to it that whatever the superuser makes is everybody's.
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO public;
