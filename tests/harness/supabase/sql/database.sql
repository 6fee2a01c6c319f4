-- One project's database, as supabase_admin, before any migration: schemas, and what any role may do in them. The files
-- of the schemas fill them.
-- Source: supabase/postgres, migrations/db; who may do what in a schema, as in a project's dump.

REVOKE CREATE ON SCHEMA public FROM public;
GRANT ALL ON SCHEMA public TO postgres;
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;

CREATE SCHEMA extensions;
GRANT ALL ON SCHEMA extensions TO postgres, dashboard_user;
GRANT USAGE ON SCHEMA extensions TO anon, authenticated, service_role;

CREATE SCHEMA auth;
GRANT USAGE ON SCHEMA auth TO postgres, anon, authenticated, service_role;
CREATE SCHEMA storage;
GRANT USAGE ON SCHEMA storage TO postgres WITH GRANT OPTION;
GRANT USAGE ON SCHEMA storage TO anon, authenticated, service_role;
CREATE SCHEMA realtime;
GRANT USAGE ON SCHEMA realtime TO postgres WITH GRANT OPTION;
GRANT USAGE ON SCHEMA realtime TO anon, authenticated, service_role;
CREATE SCHEMA supabase_functions;
GRANT USAGE ON SCHEMA supabase_functions TO postgres, anon, authenticated, service_role;
CREATE SCHEMA vault;
CREATE SCHEMA graphql;
GRANT USAGE ON SCHEMA graphql TO postgres, anon, authenticated, service_role;
CREATE SCHEMA graphql_public;
GRANT USAGE ON SCHEMA graphql_public TO postgres, anon, authenticated, service_role;
CREATE SCHEMA pgbouncer;
GRANT ALL ON SCHEMA pgbouncer TO pgbouncer;

-- Tables of Realtime's; empty, and the migrator may add to it.
CREATE PUBLICATION supabase_realtime;
ALTER PUBLICATION supabase_realtime OWNER TO postgres;
