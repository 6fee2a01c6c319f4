-- Tries statements one by one inside PostgREST's transaction, each taken back at once, and says what came of it. It stands in
-- a database of the test's own, in a schema that only PostgREST's login role may use.
CREATE SCHEMA access_attempts;
GRANT USAGE ON SCHEMA access_attempts TO authenticator;

-- Where the rows of a table stand: what is not there any more has been changed or deleted. It calls nothing of the project's.
CREATE FUNCTION access_attempts.places(watched text)
RETURNS text[]
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog
AS $function$
DECLARE
    found text[];
BEGIN
    EXECUTE format('SELECT array_agg((tableoid, ctid)::text) FROM %s', watched::regclass) INTO found;
    RETURN coalesce(found, '{}');
END;
$function$;

-- `settings` are pairs of name and value, made once; `asking` is the role of each attempt. A statement that `is_read` returns
-- rows of one text.
CREATE FUNCTION access_attempts.attempt(
    settings text[], asking text, statements text[], is_read boolean, watched text
)
RETURNS TABLE (state text, message text, context text, touched bigint, texts text[])
LANGUAGE plpgsql
AS $function$
DECLARE
    statement text;
    number integer;
BEGIN
    FOR number IN 1..array_length(settings, 1) LOOP
        PERFORM pg_catalog.set_config(settings[number][1], settings[number][2], true);
    END LOOP;
    FOREACH statement IN ARRAY statements LOOP
        state := '00000';
        message := NULL;
        context := NULL;
        touched := 0;
        texts := NULL;
        BEGIN
            PERFORM pg_catalog.set_config('role', asking, true);
            IF is_read THEN
                EXECUTE 'SELECT pg_catalog.array_agg(q.t) FROM (' || statement || ') AS q (t)' INTO texts;
            ELSE
                EXECUTE statement;
                GET DIAGNOSTICS touched = ROW_COUNT;
            END IF;
            PERFORM pg_catalog.set_config('role', 'none', true);
            IF watched IS NOT NULL THEN
                texts := access_attempts.places(watched);
            END IF;
            RAISE EXCEPTION SQLSTATE 'ZZ000';
        EXCEPTION
            WHEN SQLSTATE 'ZZ000' THEN NULL;
            WHEN OTHERS THEN
                state := SQLSTATE;
                message := SQLERRM;
                GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
        END;
        RETURN NEXT;
    END LOOP;
END;
$function$;

-- Inserts rows one by one, for the role that loads them; those that are not kept are taken back. Each statement returns a place.
CREATE FUNCTION access_attempts.insertion(statements text[], is_kept boolean)
RETURNS TABLE (place text, state text, message text, constraint_name text, column_name text, datatype_name text)
LANGUAGE plpgsql
AS $function$
DECLARE
    statement text;
BEGIN
    FOREACH statement IN ARRAY statements LOOP
        place := NULL;
        state := '00000';
        BEGIN
            EXECUTE statement INTO place;
            IF NOT is_kept THEN
                RAISE EXCEPTION SQLSTATE 'ZZ000';
            END IF;
        EXCEPTION
            WHEN SQLSTATE 'ZZ000' THEN NULL;
            WHEN OTHERS THEN
                GET STACKED DIAGNOSTICS
                    state = RETURNED_SQLSTATE,
                    message = MESSAGE_TEXT,
                    constraint_name = CONSTRAINT_NAME,
                    column_name = COLUMN_NAME,
                    datatype_name = PG_DATATYPE_NAME;
        END;
        RETURN NEXT;
    END LOOP;
END;
$function$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA access_attempts FROM public;
GRANT EXECUTE ON FUNCTION access_attempts.places(text) TO authenticator;
GRANT EXECUTE ON FUNCTION access_attempts.attempt(text[], text, text[], boolean, text) TO authenticator;
