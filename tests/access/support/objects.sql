-- What access is measured on, and what a row of it must be like: one JSON object for each table, view, function and sequence.
-- The parameter is the exposed schemas. Of the platform's tables, those that others refer to, users and files.
WITH RECURSIVE own_schemas AS (
    SELECT oid, nspname FROM pg_namespace
    WHERE
        nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'supabase_migrations')
        AND (nspname = ANY (%(schemas)s) OR nspowner <> 'supabase_admin'::regrole)
),

taken (oid) AS (
    SELECT c.oid FROM pg_class AS c
    WHERE
        c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relnamespace IN (SELECT oid FROM own_schemas)
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    UNION
    SELECT to_regclass(known.name)::oid FROM unnest(ARRAY['auth.users', 'storage.buckets', 'storage.objects']) AS known (name)
    UNION
    SELECT f.confrelid FROM pg_constraint AS f INNER JOIN taken ON f.conrelid = taken.oid WHERE f.contype = 'f'
),

columns AS (
    SELECT
        a.attrelid,
        json_agg(
            json_build_object(
                'name', a.attname,
                'type', format_type(a.atttypid, a.atttypmod),
                'base', b.typname,
                'category', b.typcategory,
                'not_null', a.attnotnull OR y.typnotnull,
                'default', pg_get_expr(d.adbin, d.adrelid),
                'is_generated', a.attgenerated <> '',
                'is_always_identity', a.attidentity = 'a',
                'domain', CASE WHEN y.typtype = 'd' THEN y.oid::regtype::text END,
                'longest', CASE WHEN b.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END,
                'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum AS e WHERE e.enumtypid IN (b.oid, b.typelem))
            ) ORDER BY a.attnum
        ) AS columns
    FROM pg_attribute AS a
    INNER JOIN pg_type AS y ON a.atttypid = y.oid
    INNER JOIN pg_type AS b ON b.oid = coalesce(nullif(y.typbasetype, 0), y.oid)
    LEFT JOIN pg_attrdef AS d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE a.attnum > 0 AND NOT a.attisdropped
    GROUP BY a.attrelid
),

constraints AS (
    SELECT
        k.conrelid,
        json_agg(
            json_build_object(
                'name', k.conname,
                'kind', k.contype,
                'columns', (
                    SELECT json_agg(a.attname ORDER BY u.n)
                    FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, n)
                    INNER JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
                ),
                'parent', CASE WHEN k.contype = 'f' THEN k.confrelid::regclass::text END,
                'parent_columns', (
                    SELECT json_agg(a.attname ORDER BY u.n)
                    FROM unnest(k.confkey) WITH ORDINALITY AS u (attnum, n)
                    INNER JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.attnum
                ),
                'text', pg_get_constraintdef(k.oid)
            ) ORDER BY k.conname
        ) AS constraints
    FROM pg_constraint AS k
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conparentid = 0
    GROUP BY k.conrelid
),

indexes AS (
    SELECT
        i.indrelid,
        json_object_agg(i.indexrelid::regclass::text, (
            SELECT coalesce(json_agg(a.attname), '[]') FROM pg_attribute AS a
            WHERE a.attrelid = i.indrelid AND a.attnum > 0 AND NOT a.attisdropped
                AND pg_get_indexdef(i.indexrelid) ~ ('\m' || a.attname || '\M')
        )) AS indexes
    FROM pg_index AS i WHERE i.indisunique
    GROUP BY i.indrelid
)

SELECT json_build_object(
    'name', c.oid::regclass::text,
    'kind', c.relkind,
    -- What the platform has made is not the project's to open or close, but for files.
    'is_exposed', (n.nspname = ANY (%(schemas)s) AND pg_get_userbyid(c.relowner) !~ '^supabase_')
    OR c.oid = to_regclass('storage.objects'),
    'is_partition', c.relispartition,
    'columns', k.columns,
    'constraints', coalesce(s.constraints, '[]'),
    'unique_indexes', coalesce(i.indexes, '{}'),
    'is_updatable', pg_relation_is_updatable(c.oid, true),
    'has_policy_of_the_service', EXISTS (
        SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polroles @> ARRAY['service_role'::regrole::oid]
    )
)
FROM taken AS t
INNER JOIN pg_class AS c ON t.oid = c.oid
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN columns AS k ON c.oid = k.attrelid
LEFT JOIN constraints AS s ON c.oid = s.conrelid
LEFT JOIN indexes AS i ON c.oid = i.indrelid
ORDER BY c.oid::regclass::text
