-- finds: SQLSTATE 42501
-- Says that it is somebody else.
SET SESSION AUTHORIZATION supabase_admin;
