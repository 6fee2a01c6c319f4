-- nothing read that no policy can guard
-- Hint: REVOKE ALL … FROM public, anon, authenticated; let a view or a function that picks the rows show them.
SELECT format('%%s, %%s', c.oid::regclass, r.rolname),
    format(
        'may %%s %%s, which knows no policy%%s', string_agg(k.command, ', ' ORDER BY k.command),
        CASE c.relkind WHEN 'm' THEN 'a materialized view' ELSE 'a foreign table' END,
        CASE WHEN EXISTS (
            SELECT FROM pg_rewrite AS w
            INNER JOIN pg_depend AS d ON w.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
            WHERE w.ev_class = c.oid AND d.refobjid = to_regclass('auth.users')
        ) THEN ', and shows auth.users' ELSE '' END
    )
FROM pg_class AS c
INNER JOIN pg_roles AS r ON r.rolname = ANY (%(roles)s) AND NOT r.rolbypassrls
INNER JOIN (
    VALUES ('m', 'SELECT'), ('f', 'SELECT'), ('f', 'INSERT'), ('f', 'UPDATE'), ('f', 'DELETE')
) AS k (kind, command) ON c.relkind::text = k.kind
WHERE c.relnamespace::regnamespace::text = ANY (%(schemas)s) AND CASE k.command
    WHEN 'DELETE' THEN has_table_privilege(r.oid, c.oid, k.command)
    ELSE has_any_column_privilege(r.oid, c.oid, k.command)
END
GROUP BY c.oid, c.relkind, r.rolname
