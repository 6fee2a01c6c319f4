-- The default privileges `explicit`, on top of `granting`: as on Supabase since 30 October 2026. A migration grants
-- what it wants used; what these statements forget (TRUNCATE, REFERENCES, TRIGGER, setval) stays with the API roles.
-- Source: supabase/cli, RevokeDefaultDataApiPrivilegesSql; announced in supabase discussion 45329.

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public
REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public
REVOKE USAGE, SELECT ON SEQUENCES FROM anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public
REVOKE EXECUTE ON FUNCTIONS FROM anon, authenticated, service_role;
