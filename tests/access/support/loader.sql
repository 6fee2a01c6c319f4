-- Lets the role that puts rows into tables do so, in a database of the test's own.
DO $$
DECLARE
    schema text;
BEGIN
    FOR schema IN
        SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO rows_loader', schema);
        EXECUTE format('GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA %I TO rows_loader', schema);
        EXECUTE format('GRANT EXECUTE ON ALL ROUTINES IN SCHEMA %I TO rows_loader', schema);
    END LOOP;
END
$$;
