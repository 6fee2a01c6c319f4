-- Says that it is somebody else.
SET SESSION AUTHORIZATION supabase_admin;
