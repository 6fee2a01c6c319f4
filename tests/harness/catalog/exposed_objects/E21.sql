-- nothing given away beforehand
-- Hint: GRANT what a role needs in the file that makes the table; policies do not reach TRUNCATE.
SELECT format('%%s, %%s', coalesce(n.nspname, 'everywhere'), coalesce(r.rolname, 'PUBLIC')),
    'gets ALL on each table that ' || d.defaclrole::regrole::text || ' will make'
FROM pg_default_acl AS d
LEFT JOIN pg_namespace AS n ON d.defaclnamespace = n.oid
CROSS JOIN aclexplode(d.defaclacl) AS x
LEFT JOIN pg_roles AS r ON x.grantee = r.oid
WHERE d.defaclobjtype = 'r' AND coalesce(n.nspname = ANY (%(schemas)s), true)
    AND (x.grantee = 0 OR r.rolname IN ('anon', 'authenticated'))
    AND x.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER')
GROUP BY n.nspname, r.rolname, d.defaclrole
HAVING count(*) = 7
