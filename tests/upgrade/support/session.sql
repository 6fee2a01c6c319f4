-- What a session has that a new one has not, one thing a line.
SELECT 'role ' || current_user || ', logged in as ' || session_user
UNION ALL SELECT 'setting ' || name || ' = ' || setting FROM pg_settings WHERE source = 'session'
UNION ALL SELECT 'lock ' || mode || ' ' || classid || ' ' || objid FROM pg_locks
WHERE locktype = 'advisory' AND pid = pg_backend_pid()
UNION ALL SELECT 'prepared statement ' || name FROM pg_prepared_statements
UNION ALL SELECT 'channel ' || channel FROM pg_listening_channels() AS channel
UNION ALL SELECT 'temporary ' || oid::regclass::text FROM pg_class WHERE relnamespace = pg_my_temp_schema()
ORDER BY 1
