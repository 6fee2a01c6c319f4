-- no bucket open to all
-- Hint: name the folder or the owner too: (storage.foldername(name))[1] = (SELECT auth.uid()::text).
SELECT
    format('storage.%%s, policy %%s', s.relname, s.polname),
    format(
        'holds %%s by %%s to %%s', s.command, s.rolname,
        CASE WHEN s.is_of_bucket THEN 'its bucket alone' ELSE 'a test that is always true' END
    ),
    s.oid::regclass,
    CASE WHEN s.is_of_bucket THEN 'true' ELSE s.expression END
FROM storage_tests AS s
WHERE (s.rolname = 'anon' OR (s.rolname = 'authenticated' AND NOT s.is_of_bucket AND s.command <> 'SELECT'))
    -- Reading is for all where the bucket says so.
    AND (s.command <> 'SELECT' OR (s.relname = 'objects' AND EXISTS (
        SELECT FROM storage.buckets AS b
        WHERE NOT b.public AND (NOT s.is_of_bucket OR position(quote_literal(b.id) IN s.expression) > 0)
    )))
