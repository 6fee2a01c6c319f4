-- What the sessions of the server are doing, but for those that are idle: a paragraph each, those that wait for others first.
SELECT
    format('%s: %s on %s, %s since %s s', pid, usename, datname, state, extract(EPOCH FROM clock_timestamp() - state_change)::int)
    || coalesce(format(', waiting for %s %s', wait_event_type, wait_event), '')
    || CASE
        WHEN cardinality(pg_blocking_pids(pid)) > 0
            THEN format(E'\n    it wants %s, and waits for %s', wanted, array_to_json(pg_blocking_pids(pid)))
        ELSE ''
    END
    || E'\n    ' || regexp_replace(left(query, 300), '\s+', ' ', 'g')
FROM pg_stat_activity AS a
LEFT JOIN LATERAL (
    SELECT string_agg(mode || ' on ' || locktype, ', ') AS wanted FROM pg_locks AS l WHERE l.pid = a.pid AND NOT l.granted
) AS waiting ON true
WHERE backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()
ORDER BY cardinality(pg_blocking_pids(pid)) DESC, pid
