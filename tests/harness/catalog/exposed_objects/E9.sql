-- no index twice
-- Hint: drop the one that no constraint needs.
SELECT b.indexrelid::regclass, format('is the same index as %%s', a.indexrelid::regclass)
FROM tables AS t
INNER JOIN pg_index AS a ON t.oid = a.indrelid
INNER JOIN pg_index AS b ON t.oid = b.indrelid AND a.indexrelid < b.indexrelid
WHERE (a.indkey::text, a.indnkeyatts, a.indclass::text, a.indcollation::text, a.indoption::text)
    = (b.indkey::text, b.indnkeyatts, b.indclass::text, b.indcollation::text, b.indoption::text)
    AND pg_get_expr(a.indexprs, t.oid) IS NOT DISTINCT FROM pg_get_expr(b.indexprs, t.oid)
    AND pg_get_expr(a.indpred, t.oid) IS NOT DISTINCT FROM pg_get_expr(b.indpred, t.oid)
