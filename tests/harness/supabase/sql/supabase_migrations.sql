-- The history table of the Supabase CLI, which makes it before it applies the first file; real files read it.
-- Source: supabase/cli, pkg/migration/history.go.

CREATE SCHEMA supabase_migrations AUTHORIZATION postgres;
CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY, statements text[], name text);
ALTER TABLE supabase_migrations.schema_migrations OWNER TO postgres;
