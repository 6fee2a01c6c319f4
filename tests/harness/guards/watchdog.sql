-- The statements that have been at work for longer than so many seconds, whose sessions this terminates.
SELECT datname, usename, query, pg_terminate_backend(pid) FROM pg_stat_activity
WHERE
    backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()
    AND clock_timestamp() - query_start > make_interval(secs => %s)
