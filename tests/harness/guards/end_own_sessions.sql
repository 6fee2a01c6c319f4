-- Terminates the sessions of this process, and of the programs it started, that are at work; idle ones can still roll back.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE
    state = 'active' AND pid <> pg_backend_pid()
    AND (application_name = current_setting('application_name') OR datname ~ ('_' || %s || '_[0-9]+$'))
