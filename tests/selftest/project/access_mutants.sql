-- Mutants of the policies and privileges of what the API offers: the table, what is done, the statement that does it, and
-- the one that takes it back.
WITH policies AS (
    SELECT
        p.polrelid::regclass::text AS relation, p.polname AS name, p.polpermissive,
        pg_get_expr(p.polqual, p.polrelid) AS qual, pg_get_expr(p.polwithcheck, p.polrelid) AS withcheck,
        CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
        (
            SELECT string_agg(CASE u.role WHEN 0 THEN 'public' ELSE u.role::regrole::text END, ', ') FROM unnest(p.polroles) AS u (role)
        ) AS roles,
        format('POLICY %I ON %s', p.polname, p.polrelid::regclass) AS this
    FROM pg_policy AS p
    WHERE p.polrelid = 'storage.objects'::regclass OR p.polrelid IN (
        SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
    )
),

privileges AS (
    SELECT c.oid::regclass::text AS relation, x.grantee::regrole::text AS role, x.privilege_type AS privilege, '' AS columns
    FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS x
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
    UNION ALL
    SELECT c.oid::regclass::text, x.grantee::regrole::text, x.privilege_type, format(' (%s)', string_agg(quote_ident(a.attname), ', '))
    FROM pg_class AS c
    INNER JOIN pg_attribute AS a ON c.oid = a.attrelid AND a.attnum > 0
    CROSS JOIN LATERAL aclexplode(a.attacl) AS x
    WHERE c.relnamespace = 'public'::regnamespace
    GROUP BY c.oid, x.grantee, x.privilege_type
)

SELECT
    relation, format('policy "%s" dropped', name), 'DROP ' || this,
    format(
        'CREATE %s AS %s FOR %s TO %s', this, CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END, command, roles
    ) || coalesce(' USING (' || qual || ')', '') || coalesce(' WITH CHECK (' || withcheck || ')', '')
FROM policies
UNION ALL
SELECT
    relation, format('policy "%s" USING true', name), format('ALTER %s USING (true)', this),
    format('ALTER %s USING (%s)', this, qual)
FROM policies WHERE qual IS NOT NULL
UNION ALL
SELECT
    relation, format('policy "%s" WITH CHECK true', name), format('ALTER %s WITH CHECK (true)', this),
    format('ALTER %s WITH CHECK (%s)', this, withcheck)
FROM policies WHERE withcheck IS NOT NULL
UNION ALL
SELECT
    relation, format('policy "%s" USING and WITH CHECK true', name), format('ALTER %s USING (true) WITH CHECK (true)', this),
    format('ALTER %s USING (%s) WITH CHECK (%s)', this, qual, withcheck)
FROM policies WHERE qual IS NOT NULL AND withcheck IS NOT NULL
UNION ALL
SELECT
    relation, format('policy "%s" TO public', name), format('ALTER %s TO public', this), format('ALTER %s TO %s', this, roles)
FROM policies WHERE roles <> 'public'
UNION ALL
SELECT
    relation, format('%s revoked from %s', privilege, role),
    format('REVOKE %s%s ON %s FROM %s', privilege, columns, relation, role),
    format('GRANT %s%s ON %s TO %s', privilege, columns, relation, role)
FROM privileges WHERE role IN ('anon', 'authenticated')
ORDER BY 1, 2
