-- How many sessions wait for a lock. It is granted at once; that the session knows, and pg_stat_activity with it, takes a
-- moment longer.
SELECT count(DISTINCT l.pid) FROM pg_locks AS l INNER JOIN pg_stat_activity AS a USING (pid)
WHERE a.datname = current_database() AND NOT l.granted
