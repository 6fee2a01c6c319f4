-- Since PostgreSQL 16 a membership says what it is for. Supabase's migrator may pass the API roles on, where PostgreSQL
-- lets it do so without being a superuser; and it may not become the owners of the services' tables.
-- Source: supabase/postgres, migrations/db, grant_with_admin_to_postgres_16_and_above.

GRANT anon TO postgres WITH ADMIN OPTION;
GRANT authenticated TO postgres WITH ADMIN OPTION;
GRANT service_role TO postgres WITH ADMIN OPTION;
GRANT supabase_auth_admin TO postgres WITH SET FALSE; -- noqa: PRS
GRANT supabase_storage_admin TO postgres WITH SET FALSE; -- noqa: PRS
GRANT supabase_realtime_admin TO postgres WITH SET FALSE; -- noqa: PRS
