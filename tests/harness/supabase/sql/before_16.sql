-- Before PostgreSQL 16 a role with CREATEROLE may grant itself any role but a superuser's: these three run programs and
-- reach files, as the server's account on this machine. Supabase reserves them (supautils.reserved_memberships); here
-- they are not there to be granted. What asks for a membership in them asks by number, and finds none.

SET LOCAL allow_system_table_mods = on;
DELETE FROM pg_authid
WHERE rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files');
