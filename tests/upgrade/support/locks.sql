-- What the session that asks has done so far to each of some tables, and holds on it: the table's file, the rows that its
-- transaction has read through and written, and the strongest lock, as a place in the list of modes; its lock_timeout.
SELECT
    c.oid::bigint,
    pg_relation_filenode(c.oid)::bigint AS file,
    coalesce(s.seq_tup_read, 0) AS read,
    coalesce(s.n_tup_upd + s.n_tup_del, 0) AS written,
    (
        -- Of dropped tables too: by number.
        SELECT max(array_position(%(modes)s::text[], l.mode)) - 1 FROM pg_locks AS l
        WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation = c.oid
    ) AS lock,
    (SELECT g.setting::int FROM pg_settings AS g WHERE g.name = 'lock_timeout') AS timeout_ms
FROM unnest(%(tables)s::oid[]) AS c (oid)
LEFT JOIN pg_stat_xact_user_tables AS s ON c.oid = s.relid
ORDER BY c.oid
