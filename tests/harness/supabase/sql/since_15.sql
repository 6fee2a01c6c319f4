-- Since PostgreSQL 15 a role may be granted what only a superuser may set; on the platform, supautils lets postgres.
-- Source: supabase/postgres, supautils.conf (privileged_role_allowed_configs).

GRANT SET ON PARAMETER session_replication_role TO postgres; -- noqa: PRS
