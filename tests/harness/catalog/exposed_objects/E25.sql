-- no list of a public bucket
-- Hint: drop the policy: who has the address of an object in a public bucket needs none.
SELECT format('storage.objects, policy %%s', s.polname),
    format('lets %%s list each object of bucket %%s', string_agg(s.rolname, ' and ' ORDER BY s.rolname), b.id)
FROM storage_tests AS s
INNER JOIN storage.buckets AS b
    ON b.public AND (s.expression = 'true' OR (s.is_of_bucket AND position(quote_literal(b.id) IN s.expression) > 0))
WHERE s.relname = 'objects' AND s.command = 'SELECT' AND s.rolname IN ('anon', 'authenticated')
GROUP BY s.polname, b.id
