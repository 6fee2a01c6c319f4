CREATE SCHEMA shadow;
GRANT USAGE ON SCHEMA shadow TO PUBLIC;
CREATE FUNCTION shadow.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz 'infinity' $$;
CREATE FUNCTION shadow.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz 'infinity' $$;
CREATE FUNCTION shadow.greatest(VARIADIC timestamptz[]) RETURNS timestamptz
    LANGUAGE sql AS $$ SELECT timestamptz 'infinity' $$;
CREATE TABLE shadow.calculator2_sessions (LIKE public.calculator2_sessions);
CREATE FUNCTION shadow.later(timestamptz, timestamptz) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$;
CREATE OPERATOR shadow.> (LEFTARG = timestamptz, RIGHTARG = timestamptz, FUNCTION = shadow.later);
