-- A project without its platform: schemas public and extensions, and roles; no extension, and no schema auth.

DROP EVENT TRIGGER refuse_ddl_of_the_platform;
DROP EVENT TRIGGER refuse_drops_of_the_platform;
DROP EVENT TRIGGER pgrst_ddl_watch;
DROP EVENT TRIGGER pgrst_drop_watch;
DROP EXTENSION pgcrypto;
DROP EXTENSION "uuid-ossp";
DROP EXTENSION supabase_vault CASCADE;
DROP PUBLICATION supabase_realtime;
DROP SCHEMA auth CASCADE;
DROP SCHEMA storage CASCADE;
DROP SCHEMA realtime CASCADE;
DROP SCHEMA supabase_functions CASCADE;
DROP SCHEMA vault CASCADE;
DROP SCHEMA graphql CASCADE;
DROP SCHEMA graphql_public CASCADE;
DROP SCHEMA pgbouncer CASCADE;
