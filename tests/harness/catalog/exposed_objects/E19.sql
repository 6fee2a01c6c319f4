-- foreign keys that say what becomes of a row
-- Hint: ON DELETE CASCADE, SET NULL or RESTRICT: without a word, nobody who has such a row can be deleted.
SELECT k.name, format('says nothing ON DELETE, and holds up who deletes from %%s', k.confrelid::regclass)
FROM tables AS t INNER JOIN foreign_keys AS k ON t.oid = k.conrelid
WHERE k.confdeltype = 'a' AND k.confrelid <> k.conrelid AND (
    k.confrelid = to_regclass('auth.users')
    OR EXISTS (
        SELECT FROM pg_attribute AS a
        WHERE a.attrelid = k.confrelid AND a.attname ~ '^(expire[sd](_at)?|valid_until|delete_after)$'
            AND a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
    )
)
