"""The roles of a Supabase project, each named once."""

# The bootstrap superuser: it prepares and inspects, and does nothing else.
SUPERUSER = "supabase_admin"
# Applies migrations; not a superuser.
MIGRATOR = "postgres"
# PostgREST's login role, which becomes one of the API roles for each request.
AUTHENTICATOR = "authenticator"
ANON = "anon"
AUTHENTICATED = "authenticated"
SERVICE_ROLE = "service_role"
API_ROLES = (ANON, AUTHENTICATED, SERVICE_ROLE)
# Those whose requests come from a browser.
BROWSER_ROLES = (ANON, AUTHENTICATED)
# Nor this one, that puts rows into tables (supabase/sql/cluster.sql).
LOADER = "rows_loader"
# Everybody, in the functions that ask for privileges.
PUBLIC = "public"
# No project has it: a role that nobody granted anything (supabase/sql/cluster.sql).
UNGRANTED = "somebody_else"
