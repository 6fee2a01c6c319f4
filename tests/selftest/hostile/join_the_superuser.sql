-- finds: SQLSTATE 42501
-- Makes itself a member of the platform's superuser.
GRANT supabase_admin TO postgres;
SET ROLE supabase_admin;
