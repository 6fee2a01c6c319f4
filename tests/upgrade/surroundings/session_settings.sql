-- A schema with a function of the name of one of PostgreSQL's.

CREATE SCHEMA shadow AUTHORIZATION postgres;
GRANT USAGE ON SCHEMA shadow TO PUBLIC;
CREATE FUNCTION shadow.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz 'infinity' $$;
