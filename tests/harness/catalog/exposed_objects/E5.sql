-- nothing beyond rows
-- Hint: REVOKE ALL … FROM public, anon, authenticated, then GRANT what each role needs.
SELECT format('%%s, %%s', t.name, r.rolname),
    format('%%s %%s granted', string_agg(x.privilege_type, ', ' ORDER BY x.privilege_type), CASE count(*) WHEN 1 THEN 'is' ELSE 'are' END)
FROM tables AS t
INNER JOIN pg_roles AS r ON r.rolname = ANY (%(roles)s) AND NOT r.rolbypassrls
CROSS JOIN aclexplode(acldefault('r', t.relowner)) AS x
WHERE x.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    AND has_table_privilege(r.oid, t.oid, x.privilege_type)
GROUP BY t.name, r.rolname
