-- The roles of a Supabase project, once per server, as the bootstrap superuser supabase_admin. None has a password:
-- templates.py gives one to those that the gate connects as.
-- Source: supabase/postgres, migrations/db (initial schema, demote-postgres, and the later ALTER ROLEs).

CREATE ROLE postgres LOGIN NOSUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS;
CREATE ROLE anon NOLOGIN;
CREATE ROLE authenticated NOLOGIN;
CREATE ROLE service_role NOLOGIN BYPASSRLS;
CREATE ROLE authenticator LOGIN NOINHERIT;

-- The services' own.
CREATE ROLE supabase_auth_admin LOGIN NOINHERIT;
CREATE ROLE supabase_storage_admin LOGIN NOINHERIT CREATEROLE;
CREATE ROLE supabase_realtime_admin NOLOGIN NOINHERIT;
CREATE ROLE supabase_functions_admin LOGIN NOINHERIT CREATEROLE;
CREATE ROLE supabase_replication_admin LOGIN REPLICATION;
CREATE ROLE supabase_etl_admin LOGIN REPLICATION;
CREATE ROLE supabase_read_only_user LOGIN BYPASSRLS;
CREATE ROLE dashboard_user NOLOGIN CREATEDB CREATEROLE REPLICATION;
CREATE ROLE pgbouncer LOGIN;

GRANT anon TO authenticator, postgres;
GRANT authenticated TO authenticator, postgres, supabase_storage_admin;
GRANT service_role TO authenticator, postgres, supabase_storage_admin;
GRANT anon TO supabase_storage_admin;
GRANT supabase_functions_admin TO postgres;

ALTER ROLE anon SET statement_timeout = '3s';
ALTER ROLE authenticated SET statement_timeout = '8s';
ALTER ROLE authenticator SET statement_timeout = '8s';
ALTER ROLE authenticator SET lock_timeout = '8s';
ALTER ROLE postgres SET search_path = "$user", public, extensions;
ALTER ROLE supabase_auth_admin SET search_path = auth;
ALTER ROLE supabase_auth_admin SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE supabase_storage_admin SET search_path = storage;
ALTER ROLE supabase_functions_admin SET search_path = supabase_functions;

-- Not Supabase's: a role that the contract gives nothing, for R7.
CREATE ROLE somebody_else NOLOGIN;
GRANT somebody_else TO authenticator;

-- Nor this one: it puts rows into tables, past triggers, foreign keys and row-level security. It is no superuser, since
-- a CHECK or an index may call a function.
CREATE ROLE rows_loader LOGIN BYPASSRLS;
ALTER ROLE rows_loader SET session_replication_role = 'replica';

-- Not Supabase's either: there, supautils lets postgres make policies and triggers on the services' tables. Here it is
-- a member of their owners, and supautils.sql refuses it the rest.
GRANT supabase_auth_admin TO postgres;
GRANT supabase_storage_admin TO postgres;
GRANT supabase_realtime_admin TO postgres;
