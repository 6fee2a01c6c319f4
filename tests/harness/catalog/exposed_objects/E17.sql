-- foreign keys that hold
-- Hint: ON DELETE CASCADE, or a column that may be null; to a table of auth, its primary key.
-- Which columns are set is told apart since 15.
SELECT k.name,
    format('sets %%s to null on DELETE, which is NOT NULL: what it refers to can never be deleted', a.attname)
FROM foreign_keys AS k
INNER JOIN pg_constraint AS c ON k.oid = c.oid
INNER JOIN pg_attribute AS a ON k.conrelid = a.attrelid AND a.attnum = ANY (k.conkey)
WHERE k.confdeltype = 'n' AND a.attnotnull AND coalesce(
    nullif(to_jsonb(c) -> 'confdelsetcols', 'null') @> to_jsonb(a.attnum), true
)
UNION ALL
SELECT k.name,
    format('refers to %%s by another key than its primary key, which may change or go', k.confrelid::regclass)
FROM foreign_keys AS k
INNER JOIN pg_class AS c ON k.confrelid = c.oid
INNER JOIN pg_class AS t ON k.conrelid = t.oid
INNER JOIN pg_index AS i ON k.conindid = i.indexrelid
WHERE c.relnamespace = to_regnamespace('auth') AND t.relnamespace <> c.relnamespace AND NOT i.indisprimary
