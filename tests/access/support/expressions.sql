-- The expressions that decide who sees which row: of policies, checks, views and functions of the project's own, one JSON object
-- for each, with the table, view or function that it is of.
WITH own AS (
    SELECT oid, nspname FROM pg_namespace WHERE nspname = 'public' OR nspowner <> 'supabase_admin'::regrole
),

expressions AS (
    SELECT 'policy' AS kind, p.polrelid::regclass::text AS of, unnest(ARRAY[
        pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
    ]) AS text FROM pg_policy AS p
    UNION
    SELECT 'check', k.conrelid::regclass::text, pg_get_constraintdef(k.oid) FROM pg_constraint AS k
    WHERE k.contype = 'c' AND k.connamespace IN (SELECT own.oid FROM own)
    UNION
    SELECT 'view', c.oid::regclass::text, pg_get_viewdef(c.oid) FROM pg_class AS c
    WHERE c.relkind IN ('v', 'm') AND c.relnamespace IN (SELECT own.oid FROM own)
    UNION
    SELECT 'function', own.nspname || '.' || f.proname,
        CASE f.prosrc WHEN '' THEN substring(pg_get_functiondef(f.oid) FROM '\n(?:RETURN|BEGIN ATOMIC)\M.*') ELSE f.prosrc END
    FROM pg_proc AS f
    INNER JOIN own ON f.pronamespace = own.oid
    INNER JOIN pg_language AS l ON f.prolang = l.oid
    WHERE
        l.lanname IN ('sql', 'plpgsql')
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e')
)

SELECT json_build_object('kind', e.kind, 'of', e.of, 'text', e.text) FROM expressions AS e WHERE e.text IS NOT NULL
ORDER BY e.text, e.kind DESC, e.of
