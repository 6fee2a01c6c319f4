-- What Supabase makes of a project, in little: its schemas, the functions that policies call, the publication of
-- Realtime; and two tables of the application's own, one closed and one open. Names as in Supabase's documentation.

CREATE SCHEMA auth;
CREATE SCHEMA storage;
CREATE SCHEMA realtime;
CREATE SCHEMA vault;
GRANT USAGE ON SCHEMA auth, storage, realtime TO anon, authenticated, service_role;
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text);
CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('request.jwt.claims', true), '')::json ->> 'role' $$;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT (nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub')::uuid $$;
CREATE TABLE storage.objects (id uuid PRIMARY KEY, name text);
CREATE PUBLICATION supabase_realtime;
CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users, nickname text);
ALTER TABLE public.profiles OWNER TO postgres;
ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON public.profiles FROM anon, authenticated, service_role;
CREATE TABLE public.tiers (name text);
ALTER TABLE public.tiers OWNER TO postgres;
GRANT SELECT ON public.tiers TO anon, authenticated, service_role;
CREATE FUNCTION public.nickname() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'nobody' $$;
ALTER FUNCTION public.nickname() OWNER TO postgres;
