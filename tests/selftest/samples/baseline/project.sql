-- A small project beside calculator2_sessions, as postgres: what dumps are made of.

CREATE SCHEMA private;
CREATE TYPE public.mood AS ENUM ('sad', 'it''s "ok"');
CREATE DOMAIN public.email AS text CONSTRAINT has_at CHECK (value ~ '@');
CREATE SEQUENCE private.numbers START WITH 7;

CREATE TABLE public.authors (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email public.email NOT NULL,
    mood public.mood DEFAULT 'sad',
    number bigint DEFAULT nextval('private.numbers')
);
CREATE TABLE public."Odd ""name""" (
    id bigint GENERATED ALWAYS AS IDENTITY,
    author uuid NOT NULL REFERENCES public.authors (id) ON DELETE CASCADE,
    body text,
    length integer GENERATED ALWAYS AS (char_length(body)) STORED
);
CREATE TABLE public.measurements (taken date NOT NULL, value numeric) PARTITION BY RANGE (taken);
CREATE TABLE public.measurements_2026 PARTITION OF public.measurements FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX measurements_value ON public.measurements (value) WHERE value > 0;

-- Bodies that look like what a dump holds elsewhere.
CREATE FUNCTION public.looks_like_a_dump() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
BEGIN
    RETURN '
COPY public.authors (id) FROM stdin;
\.
\restrict not a key
-- ';
END;
$body$;
CREATE FUNCTION private.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.body := coalesce(NEW.body, '') || E'\n\\.\n$_$';
    RETURN NEW;
END;
$$;
CREATE TRIGGER touch BEFORE INSERT ON public."Odd ""name""" FOR EACH ROW EXECUTE FUNCTION private.touch();
CREATE VIEW public.moods AS SELECT mood, count(*) AS number FROM public.authors GROUP BY mood;
CREATE MATERIALIZED VIEW private.totals AS SELECT count(*) AS number FROM public.authors;
CREATE INDEX totals_number ON private.totals (number);

REVOKE ALL ON public.authors FROM anon;
GRANT SELECT (id, mood) ON public.authors TO anon;
GRANT SELECT, INSERT ON public."Odd ""name""" TO authenticated;
REVOKE ALL ON FUNCTION public.looks_like_a_dump() FROM public, anon;
ALTER TABLE public.authors ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.authors FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON public.authors FOR SELECT TO authenticated
USING (id = (SELECT nullif(current_setting('request.jwt.claim.sub', true), '')::uuid));
COMMENT ON TABLE public.authors IS 'People; COPY x FROM stdin;
\connect nowhere
-- and more';
COMMENT ON COLUMN public.authors.mood IS 'How it is';
CREATE PUBLICATION changes FOR TABLE public.authors;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM anon;
ALTER DEFAULT PRIVILEGES IN SCHEMA private GRANT SELECT ON TABLES TO service_role;

INSERT INTO supabase_migrations.schema_migrations VALUES ('014', ARRAY['CREATE TABLE a (b text DEFAULT '';\.'');'], 'x');
INSERT INTO public.authors (id, email) VALUES ('00000000-0000-0000-0000-000000000001', 'a@b');
INSERT INTO public."Odd ""name""" (author, body)
VALUES ('00000000-0000-0000-0000-000000000001', E'tab\t, \\. and\n\\.\nend;'), ('00000000-0000-0000-0000-000000000001', NULL);
INSERT INTO public.measurements VALUES ('2026-02-03', 1.5);
REFRESH MATERIALIZED VIEW private.totals;
