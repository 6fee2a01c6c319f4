-- The role that applies a dump, as the superuser, in the database that the dump is applied to. It is no superuser, as a
-- dump may bring functions, and CHECKs and indexes that call them; it is a member of every role that owns something. New
-- objects of its own have no default privileges, which is what pg_dump expects of the role that restores: the GRANTs of
-- a dump say what is beyond PostgreSQL's own defaults. It may create in every schema, so that what is there already is
-- said to be there.

CREATE ROLE baseline_loader LOGIN BYPASSRLS;
ALTER ROLE baseline_loader SET session_replication_role = 'replica';
ALTER ROLE baseline_loader SET check_function_bodies = off;
DO $$
DECLARE
    other text;
BEGIN
    EXECUTE format('GRANT CREATE, TEMPORARY ON DATABASE %I TO baseline_loader', current_database());
    FOR other IN
        SELECT rolname FROM pg_catalog.pg_roles
        WHERE NOT rolsuper AND rolname !~ '^pg_' AND rolname <> 'baseline_loader'
    LOOP
        EXECUTE format('GRANT %I TO baseline_loader', other);
    END LOOP;
    FOR other IN
        SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    LOOP
        EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO baseline_loader', other);
    END LOOP;
END
$$;
