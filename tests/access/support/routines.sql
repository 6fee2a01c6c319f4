-- Functions that the API offers, and sequences of exposed schemas. The parameter is the exposed schemas.
SELECT json_build_object(
    'name', f.oid::regprocedure::text,
    'call', quote_ident(n.nspname) || '.' || quote_ident(f.proname),
    'kind', CASE f.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END,
    'is_definer', f.prosecdef,
    -- What it changes is taken back.
    'is_called', f.prokind = 'f' AND f.prorettype <> 'void'::regtype,
    'arguments', (
        SELECT coalesce(json_agg(json_build_object('name', f.proargnames[u.n], 'type', format_type(u.type, NULL)) ORDER BY u.n), '[]')
        FROM unnest(f.proargtypes) WITH ORDINALITY AS u (type, n)
    )
)
FROM pg_proc AS f
INNER JOIN pg_namespace AS n ON f.pronamespace = n.oid
WHERE
    n.nspname = ANY (%(schemas)s) AND pg_get_userbyid(f.proowner) !~ '^supabase_' AND f.prokind IN ('f', 'p')
    AND f.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e')
UNION ALL
SELECT json_build_object(
    'name', c.oid::regclass::text, 'call', c.oid::regclass::text, 'kind', 'sequence', 'is_definer', false, 'is_called', false,
    'arguments', '[]'::json
)
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE c.relkind = 'S' AND n.nspname = ANY (%(schemas)s) AND pg_get_userbyid(c.relowner) !~ '^supabase_'
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
