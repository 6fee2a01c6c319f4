-- no column left by the table's privilege
-- Hint: a privilege on the table is one on each column: REVOKE it on the table, then GRANT it on the other columns.
-- Whether it was taken, the files say: an ACL looks the same where it was never given.
SELECT c.oid::regclass::text, format(
    'has a column that was taken from %%s, which holds %%s on the whole table%%s',
    r.rolname, x.privilege_type, CASE WHEN bool_and(x.grantee = 0) THEN ' as one of PUBLIC' ELSE '' END
)
FROM pg_class AS c
CROSS JOIN aclexplode(c.relacl) AS x
INNER JOIN pg_roles AS r ON r.rolname IN ('anon', 'authenticated') AND x.grantee IN (0, r.oid)
WHERE
    c.relkind <> 'S' AND c.relnamespace::regnamespace::text = ANY (%(schemas)s)
    AND x.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
GROUP BY c.oid, r.rolname, x.privilege_type
UNION ALL
SELECT a.attrelid::regclass::text, format(
    'has column %%s, which was taken from %%s, which holds %%s on it as one of PUBLIC', a.attname, r.rolname, x.privilege_type
)
FROM pg_class AS c
INNER JOIN pg_attribute AS a ON c.oid = a.attrelid AND NOT a.attisdropped
CROSS JOIN aclexplode(a.attacl) AS x
INNER JOIN pg_roles AS r ON r.rolname IN ('anon', 'authenticated')
WHERE c.relnamespace::regnamespace::text = ANY (%(schemas)s) AND x.grantee = 0
