-- Whether row-level security stands between a role and a table, and the policies that are for the role: a row at least.
SELECT
    c.relrowsecurity, r.rolbypassrls, p.polname,
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), p.polpermissive
FROM pg_class AS c
CROSS JOIN pg_roles AS r
LEFT JOIN pg_policy AS p
    ON c.oid = p.polrelid AND (p.polroles @> ARRAY[r.oid] OR p.polroles @> ARRAY[0::oid])
    AND p.polcmd::text IN ('*', CASE %(command)s WHEN 'select' THEN 'r' WHEN 'insert' THEN 'a' WHEN 'update' THEN 'w' ELSE 'd' END)
WHERE c.oid = %(table)s::regclass AND r.rolname = %(role)s
ORDER BY p.polname
