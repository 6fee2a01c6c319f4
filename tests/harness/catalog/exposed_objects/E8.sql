-- views with the rights of the caller
-- Hint: CREATE VIEW … WITH (security_invoker = true); any before 15, in a schema that is not exposed.
SELECT v.oid::regclass,
    'shows what its owner may see' || CASE WHEN EXISTS (
        SELECT FROM pg_rewrite AS w
        INNER JOIN pg_depend AS d ON w.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
        WHERE w.ev_class = v.oid AND d.refobjid = to_regclass('auth.users')
    ) THEN ', auth.users among it' ELSE '' END
FROM pg_class AS v
WHERE v.relkind = 'v' AND v.relnamespace::regnamespace::text = ANY (%(schemas)s)
    AND NOT EXISTS (
        SELECT FROM pg_options_to_table(v.reloptions) AS o
        WHERE o.option_name = 'security_invoker' AND o.option_value::boolean
    )
