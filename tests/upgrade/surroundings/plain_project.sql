-- What is left of a project without its platform: schemas public and extensions, and roles. No extension, no schema auth.

DROP EVENT TRIGGER refuse_ddl_of_the_platform;
DROP EVENT TRIGGER refuse_drops_of_the_platform;
DROP PUBLICATION supabase_realtime;
DROP SCHEMA auth CASCADE;
DROP SCHEMA storage CASCADE;
DROP SCHEMA realtime CASCADE;
DROP SCHEMA supabase_functions CASCADE;
DROP SCHEMA vault CASCADE;
DROP SCHEMA graphql CASCADE;
DROP SCHEMA graphql_public CASCADE;
DROP SCHEMA pgbouncer CASCADE;
