-- What the rules are asked of. The parameters are the exposed schemas and the API's roles.
WITH RECURSIVE
-- A permissive policy as one row for each role and command that it is for; PUBLIC stands for each API role.
policies AS (
    SELECT
        p.polrelid, p.polname, p.polcmd, p.polqual, coalesce(p.polwithcheck, p.polqual) AS polcheck,
        r.oid AS role, r.rolname, r.rolbypassrls, k.command, 0 = ANY (p.polroles) AS is_public
    FROM pg_policy AS p
    INNER JOIN (VALUES ('r', 'SELECT'), ('a', 'INSERT'), ('w', 'UPDATE'), ('d', 'DELETE')) AS k (letter, command)
        ON p.polcmd::text IN ('*', k.letter)
    INNER JOIN pg_roles AS r ON r.oid = ANY (p.polroles) OR (0 = ANY (p.polroles) AND r.rolname = ANY (%(roles)s))
    WHERE p.polpermissive
),

tables AS (
    SELECT c.oid, c.oid::regclass::text AS name, c.relkind, c.relrowsecurity, c.relowner
    FROM pg_class AS c WHERE c.relkind IN ('r', 'p', 'f') AND c.relnamespace::regnamespace::text = ANY (%(schemas)s)
),

-- What the policies say that a role is held to. Storage and Realtime offer their tables in ways of their own.
expressions AS (
    SELECT p.oid, p.polrelid, p.polname, c.relname, p.polrelid::regclass::text AS name, e.expression
    FROM pg_policy AS p
    INNER JOIN pg_class AS c ON p.polrelid = c.oid
    CROSS JOIN LATERAL (
        VALUES (pg_get_expr(p.polqual, c.oid)), (pg_get_expr(p.polwithcheck, c.oid))
    ) AS e (expression)
    WHERE
        c.relnamespace::regnamespace::text = ANY (%(schemas)s || '{storage,realtime}'::text [])
        AND EXISTS (
            SELECT FROM unnest(p.polroles) AS held (role) LEFT JOIN pg_roles AS r ON held.role = r.oid
            WHERE r.rolbypassrls IS NOT true
        )
),

-- The tests of Storage's policies, and whether they ask for the bucket alone.
storage_tests AS (
    SELECT p.polname, p.rolname, p.command, c.oid, c.relname, e.expression, regexp_replace(
        e.expression, 'bucket_id = (''(?:[^'']|'''')*''::text|ANY \(ARRAY\[[^]]*\]\))', '', 'g'
    ) ~ '^[\s()]*(?:OR[\s()]*)*$' AS is_of_bucket
    FROM pg_class AS c
    INNER JOIN policies AS p ON c.oid = p.polrelid
    CROSS JOIN LATERAL (
        VALUES
        ('{SELECT,UPDATE,DELETE}'::text [], pg_get_expr(p.polqual, c.oid)),
        ('{INSERT,UPDATE}', pg_get_expr(p.polcheck, c.oid))
    ) AS e (commands, expression)
    WHERE
        c.oid IN (to_regclass('storage.objects'), to_regclass('storage.buckets'))
        AND p.command = ANY (e.commands) AND e.expression IS NOT NULL
),

-- Each foreign key with its columns, but for what a partition has from its table.
foreign_keys AS (
    SELECT
        k.oid, k.conrelid, k.conname, k.confrelid, k.confdeltype, k.conindid, k.conkey,
        format('%%s, foreign key %%s', k.conrelid::regclass, k.conname) AS name
    FROM pg_constraint AS k WHERE k.contype = 'f' AND k.conparentid = 0
),

-- What objects say of themselves, for everybody to read in the catalog. PostgreSQL's own have a lower OID.
texts AS (
    SELECT f.oid::regprocedure::text AS name, 'its body' AS place, pg_get_functiondef(f.oid) AS text
    FROM pg_proc AS f
    WHERE
        f.prokind <> 'a' AND f.oid >= 16384
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = f.oid AND classid = 'pg_proc'::regclass AND deptype = 'e')
    UNION ALL
    SELECT d.adrelid::regclass::text, 'a default', pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef AS d
    UNION ALL
    SELECT v.oid::regclass::text, 'its query', pg_get_viewdef(v.oid)
    FROM pg_class AS v
    WHERE v.relkind IN ('v', 'm') AND v.oid >= 16384
    UNION ALL
    SELECT format('%%s, trigger %%s', t.tgrelid::regclass, t.tgname), 'its arguments', encode(t.tgargs, 'escape')
    FROM pg_trigger AS t WHERE NOT t.tgisinternal
    UNION ALL
    SELECT CASE d.classoid WHEN 'pg_proc'::regclass THEN d.objoid::regprocedure::text ELSE d.objoid::regclass::text END,
        'a comment', d.description
    FROM pg_description AS d
    WHERE d.classoid IN ('pg_class'::regclass, 'pg_proc'::regclass) AND d.objoid >= 16384
),

-- An extension's functions are the extension's own affair.
functions AS (
    SELECT
        f.oid::regprocedure::text AS name, f.prosecdef, f.proacl, coalesce(f.proacl, acldefault('f', f.proowner)) AS acl,
        EXISTS (SELECT FROM unnest(f.proconfig) AS s (setting) WHERE starts_with(s.setting, 'search_path=')) AS is_pinned,
        f.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype) AS is_for_triggers
    FROM pg_proc AS f
    WHERE
        f.prokind <> 'a' AND f.pronamespace::regnamespace::text = ANY (%(schemas)s)
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = f.oid AND classid = 'pg_proc'::regclass AND deptype = 'e')
),

-- What functions do, without comments and string literals, but for the names of a request's settings; and how a body calls each.
bodies AS (
    SELECT
        f.oid, f.oid::regprocedure::text AS name, f.prosecdef, f.provolatile,
        f.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype) AS is_for_triggers,
        format(
            '(?<![\w."])"?(?:%%1$s"?\s*\.\s*"?)%%3$s%%2$s"?\s*\(', f.pronamespace::regnamespace, f.proname,
            CASE f.pronamespace::regnamespace::text WHEN 'public' THEN '?' ELSE '' END
        ) AS call,
        regexp_replace(
            CASE f.prosrc WHEN '' THEN substring(pg_get_functiondef(f.oid) FROM '\n(?:RETURN|BEGIN ATOMIC)\M.*') ELSE f.prosrc END,
            '("[^"]*"|\mcurrent_setting\s*\(\s*''[^'']*'')|--[^\n]*|/\*(?:[^*]|\*+[^*/])*\*+/|\mE''(?:[^''\\]|\\.|'''')*'''
            || '|''(?:[^'']|'''')*''|\$(?:[a-z_]\w*)?\$[^$]*\$(?:[a-z_]\w*)?\$', ' \1 ', 'gi'
        ) AS text
    FROM pg_proc AS f
    WHERE
        f.prokind <> 'a' AND f.oid >= 16384 AND f.proname ~ '^\w+$'
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = f.oid AND classid = 'pg_proc'::regclass AND deptype = 'e')
),

-- The functions that read who asks, and by what; whether by a function that they call. A function of the definer's has its owner
-- as its current_user, whoever asks.
readers AS (
    SELECT b.oid, b.call, lower(translate(m.parts[1], '" ', '')) AS what, false AS is_by_call
    FROM bodies AS b
    CROSS JOIN regexp_matches(
        b.text, '("?\mauth"?\s*\.\s*"?(?:uid|jwt|role|email)"?\s*\(|\mcurrent_setting\s*\(\s*''(?:request\.[^'']*|role)'''
        || '|(?<![\w".])(?:current_user|current_role|session_user)\M(?!"))', 'gi'
    ) AS m (parts)
    WHERE NOT (b.prosecdef AND lower(m.parts[1]) IN ('current_user', 'current_role'))
    UNION
    SELECT b.oid, b.call, r.what, true
    FROM readers AS r
    INNER JOIN bodies AS b ON r.oid <> b.oid AND b.text ~* r.call
    WHERE NOT (b.prosecdef AND r.what IN ('current_user', 'current_role'))
)
