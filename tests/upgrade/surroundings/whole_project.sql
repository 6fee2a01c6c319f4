-- A project that has begun: two tables of the application's own, one closed and one open, a function, and a schema.

CREATE SCHEMA private AUTHORIZATION postgres;
CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users, nickname text);
ALTER TABLE public.profiles OWNER TO postgres;
ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON public.profiles FROM anon, authenticated, service_role;
CREATE POLICY own ON public.profiles TO authenticated USING (id = auth.uid());
ALTER PUBLICATION supabase_realtime ADD TABLE public.profiles;
CREATE TABLE public.tiers (name text);
ALTER TABLE public.tiers OWNER TO postgres;
GRANT SELECT ON public.tiers TO anon, authenticated, service_role;
CREATE FUNCTION public.nickname() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'nobody' $$;
ALTER FUNCTION public.nickname() OWNER TO postgres;
