-- The policies and functions that a policy, a function or a view asks, and those that these ask: as kind, table and name. Of a body,
-- what it names is taken for what it asks. What is asked as its owner (SECURITY DEFINER) meets no policy.
-- The parameters are the catalog (pg_policy, pg_proc, pg_class), and the object's name; of a policy, the table before it.
WITH RECURSIVE own AS (
    SELECT oid, nspname FROM pg_namespace WHERE nspname = 'public' OR (nspname !~ '^pg_' AND nspowner <> 'supabase_admin'::regrole)
),

functions AS (
    SELECT
        f.oid, f.prosecdef,
        -- PostgreSQL 13 prints no body of SQL by itself.
        CASE f.prosrc WHEN '' THEN substring(pg_get_functiondef(f.oid) FROM '\n(?:RETURN|BEGIN ATOMIC)\M.*') ELSE f.prosrc END AS body,
        '\m' || n.nspname || '\.' || f.proname || '\M' AS word
    FROM pg_proc AS f INNER JOIN own AS n ON f.pronamespace = n.oid
    WHERE NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e')
),

tables AS (
    SELECT c.oid, '\m' || n.nspname || '\.' || c.relname || '\M' AS word
    FROM pg_class AS c INNER JOIN own AS n ON c.relnamespace = n.oid WHERE c.relkind IN ('r', 'p', 'v')
),

behind (catalog, object) AS (
    SELECT %(catalog)s::text::regclass::oid, CASE %(catalog)s::text
        WHEN 'pg_policy' THEN (SELECT p.oid FROM pg_policy AS p WHERE p.polrelid = to_regclass(%(table)s::text) AND p.polname = %(name)s::text)
        WHEN 'pg_proc' THEN to_regprocedure(%(name)s::text)::oid
        ELSE to_regclass(%(name)s::text)::oid
    END
    UNION
    SELECT asked.catalog, asked.object FROM behind AS b CROSS JOIN LATERAL (
        SELECT d.refclassid, d.refobjid FROM pg_policy AS p
        INNER JOIN pg_depend AS d ON d.classid = 'pg_policy'::regclass AND p.oid = d.objid
        WHERE b.catalog = 'pg_policy'::regclass AND p.oid = b.object AND d.refobjid <> p.polrelid
        UNION ALL
        SELECT 'pg_proc'::regclass, f.oid FROM functions AS f
        INNER JOIN functions AS caller ON f.oid <> caller.oid AND caller.body ~ f.word
        WHERE b.catalog = 'pg_proc'::regclass AND caller.oid = b.object
        UNION ALL
        SELECT 'pg_class'::regclass, t.oid FROM tables AS t INNER JOIN functions AS caller ON caller.body ~ t.word
        WHERE b.catalog = 'pg_proc'::regclass AND caller.oid = b.object AND NOT caller.prosecdef
        UNION ALL
        SELECT 'pg_class'::regclass, d.refobjid FROM pg_rewrite AS r
        INNER JOIN pg_class AS v ON r.ev_class = v.oid AND v.relkind = 'v'
        INNER JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND d.refclassid = 'pg_class'::regclass
        WHERE
            b.catalog = 'pg_class'::regclass AND v.oid = b.object
            AND 'security_invoker' IN (SELECT o.option_name FROM pg_options_to_table(v.reloptions) AS o WHERE o.option_value::boolean)
        UNION ALL
        SELECT 'pg_policy'::regclass, p.oid FROM pg_policy AS p
        WHERE b.catalog = 'pg_class'::regclass AND p.polrelid = b.object AND p.polcmd IN ('r', '*')
    ) AS asked (catalog, object)
)

SELECT 'policy', p.polrelid::regclass::text, p.polname FROM behind AS b INNER JOIN pg_policy AS p ON b.object = p.oid
WHERE b.catalog = 'pg_policy'::regclass
UNION ALL
SELECT 'function', NULL, f.oid::regprocedure::text FROM behind AS b INNER JOIN functions AS f ON b.object = f.oid
WHERE b.catalog = 'pg_proc'::regclass
