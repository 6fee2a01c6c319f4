-- Schema supabase_functions: the database's webhooks, as supabase_admin. A request is queued on the platform; here it
-- is only written down that there was one.
-- Source: supabase/postgres, migrations/db, enable_webhooks_by_default.

CREATE TABLE supabase_functions.hooks (
    id bigserial NOT NULL CONSTRAINT hooks_pkey PRIMARY KEY,
    hook_table_id integer NOT NULL,
    hook_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    request_id bigint
);
CREATE TABLE supabase_functions.migrations (version text NOT NULL, inserted_at timestamptz NOT NULL DEFAULT now());

CREATE FUNCTION supabase_functions.http_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = supabase_functions AS $$
BEGIN
    IF coalesce(TG_ARGV[0], 'null') = 'null' THEN
        RAISE EXCEPTION 'url argument is missing';
    ELSIF coalesce(TG_ARGV[1], 'null') = 'null' THEN
        RAISE EXCEPTION 'method argument is missing';
    ELSIF TG_ARGV[1] NOT IN ('GET', 'POST') THEN
        RAISE EXCEPTION 'method argument % is invalid', TG_ARGV[1];
    END IF;
    INSERT INTO supabase_functions.hooks (hook_table_id, hook_name) VALUES (TG_RELID, TG_NAME);
    RETURN NEW;
END
$$;

GRANT ALL ON ALL TABLES IN SCHEMA supabase_functions TO postgres, anon, authenticated, service_role;
GRANT ALL ON ALL SEQUENCES IN SCHEMA supabase_functions TO postgres, anon, authenticated, service_role;
REVOKE ALL ON FUNCTION supabase_functions.http_request() FROM public;
GRANT EXECUTE ON FUNCTION supabase_functions.http_request() TO postgres, anon, authenticated, service_role;
ALTER TABLE supabase_functions.hooks OWNER TO supabase_functions_admin;
ALTER TABLE supabase_functions.migrations OWNER TO supabase_functions_admin;
ALTER FUNCTION supabase_functions.http_request() OWNER TO supabase_functions_admin;
GRANT ALL ON SCHEMA supabase_functions TO supabase_functions_admin;
