-- The extensions that a project has from the beginning, as supabase_admin. They belong to postgres, which may drop them
-- and make them again. Real ones where the server has them, else stand-ins.
-- Source: supabase/postgres, migrations/db (initial schema, create_vault).

DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO postgres', current_database()); END $$;
GRANT CREATE ON SCHEMA vault TO postgres;
SET ROLE postgres;
CREATE EXTENSION pgcrypto SCHEMA extensions;
CREATE EXTENSION "uuid-ossp" SCHEMA extensions;
CREATE EXTENSION supabase_vault SCHEMA vault;
RESET ROLE;
REVOKE CREATE ON SCHEMA vault FROM postgres;
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON DATABASE %I FROM postgres', current_database()); END $$;

-- Off since April 2026; a project that wants it creates the extension.
CREATE FUNCTION graphql_public.graphql(
    "operationName" text DEFAULT NULL,
    query text DEFAULT NULL,
    variables jsonb DEFAULT NULL,
    extensions jsonb DEFAULT NULL
) RETURNS jsonb LANGUAGE sql AS $$
    SELECT '{"errors": [{"message": "pg_graphql extension is not enabled."}]}'::jsonb
$$;
