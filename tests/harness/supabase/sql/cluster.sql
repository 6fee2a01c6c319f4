-- The roles of a Supabase project, once per server, as the bootstrap superuser supabase_admin.
-- Source: supabase/postgres, migrations/db (initial schema, demote-postgres, and the later ALTER ROLEs).

CREATE ROLE postgres LOGIN NOSUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS;
CREATE ROLE anon NOLOGIN;
CREATE ROLE authenticated NOLOGIN;
CREATE ROLE service_role NOLOGIN BYPASSRLS;
CREATE ROLE authenticator LOGIN NOINHERIT;

GRANT anon TO authenticator, postgres;
GRANT authenticated TO authenticator, postgres;
GRANT service_role TO authenticator, postgres;

ALTER ROLE anon SET statement_timeout = '3s';
ALTER ROLE authenticated SET statement_timeout = '8s';
ALTER ROLE authenticator SET statement_timeout = '8s';
ALTER ROLE authenticator SET lock_timeout = '8s';
ALTER ROLE postgres SET search_path = "$user", public, extensions;

-- Not Supabase's: a role that the contract gives nothing, for R7.
CREATE ROLE somebody_else NOLOGIN;
GRANT somebody_else TO authenticator;
