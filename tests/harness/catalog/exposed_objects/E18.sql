-- an index for each foreign key
-- Hint: CREATE INDEX ON … (the columns of the key): who deletes what it refers to reads the whole table.
SELECT k.name, 'has no index'
FROM tables AS t INNER JOIN foreign_keys AS k ON t.oid = k.conrelid
WHERE NOT EXISTS (
    SELECT FROM pg_index AS i
    INNER JOIN pg_class AS c ON i.indexrelid = c.oid
    INNER JOIN pg_am AS m ON c.relam = m.oid AND m.amname IN ('btree', 'hash')
    WHERE i.indrelid = t.oid AND i.indisvalid
        AND (i.indkey::smallint [])[0:array_length(k.conkey, 1) - 1] @> k.conkey
        -- No row is looked for by a key that is null.
        AND coalesce(pg_get_expr(i.indpred, t.oid) ~ '^\(\w+ IS NOT NULL\)$', true)
)
