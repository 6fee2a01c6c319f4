-- nothing left by PUBLIC of what was taken
-- Hint: REVOKE EXECUTE ON FUNCTION … FROM public too, then GRANT it to the roles that need it.
-- Whether it was taken, the files say: an ACL looks the same where it was never given. Of the definer's, E7 says it.
SELECT f.name, format('was taken from %%s, which may execute it as one of PUBLIC', r.rolname)
FROM functions AS f INNER JOIN pg_roles AS r ON r.rolname IN ('anon', 'authenticated')
WHERE NOT f.prosecdef AND NOT f.is_for_triggers
    AND EXISTS (SELECT FROM aclexplode(f.proacl) AS x WHERE x.grantee = 0)
    AND NOT EXISTS (SELECT FROM aclexplode(f.proacl) AS x WHERE x.grantee = r.oid)
