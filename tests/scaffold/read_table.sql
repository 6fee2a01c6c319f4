-- A table as the TableSpec that would declare it, in JSON: each object says which class it `is`. No row without a table.
WITH RECURSIVE target AS (
    SELECT c.*, n.nspname
    FROM pg_class AS c
    INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
    WHERE c.oid = to_regclass(%(table)s) AND c.relkind IN ('r', 'p')
),

columns AS (
    SELECT a.*
    FROM pg_attribute AS a
    INNER JOIN target AS t ON a.attrelid = t.oid
    WHERE a.attnum > 0 AND NOT a.attisdropped
),

-- Of identities and of serials.
sequences AS (
    SELECT p.refobjsubid AS attnum, s.*, q.*
    FROM target AS t
    INNER JOIN pg_depend AS p ON t.oid = p.refobjid AND p.classid = 'pg_class'::regclass AND p.deptype IN ('i', 'a')
    INNER JOIN pg_class AS s ON p.objid = s.oid AND s.relkind = 'S'
    INNER JOIN pg_sequence AS q ON s.oid = q.seqrelid
),

triggers AS (
    SELECT t.*, l.lanname, p.oid::regprocedure::text AS function, p.prosecdef, p.proconfig, p.proacl, p.proowner
    FROM pg_trigger AS t
    INNER JOIN pg_proc AS p ON t.tgfoid = p.oid
    INNER JOIN pg_language AS l ON p.prolang = l.oid
    WHERE t.tgrelid = (SELECT oid FROM target) AND NOT t.tgisinternal
),

-- The types of the columns, of what arrays hold, and beneath domains.
types AS (
    SELECT atttypid AS oid FROM columns
    UNION
    SELECT beneath
    FROM types
    INNER JOIN pg_type AS y ON types.oid = y.oid
    CROSS JOIN unnest(ARRAY[y.typelem, y.typbasetype]) AS beneath
    WHERE beneath <> 0
),

-- By these unique indexes an application could address a row.
keys AS (
    SELECT
        i.indexrelid, i.indisprimary,
        array_agg(c.attname ORDER BY k.at) AS names,
        bool_or(s.attnum IS NOT NULL) OR count(*) > 1 AS is_awkward
    FROM pg_index AS i
    CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, at)
    LEFT JOIN columns AS c ON k.attnum = c.attnum AND c.attnotnull
    LEFT JOIN sequences AS s ON k.attnum = s.attnum
    WHERE i.indrelid = (SELECT oid FROM target) AND i.indisunique AND i.indpred IS NULL AND k.at <= i.indnkeyatts
    GROUP BY i.indexrelid, i.indisprimary
    HAVING bool_and(c.attnum IS NOT NULL)
),

-- What was granted on what, but to its owner.
granted AS (
    SELECT
        o.what,
        CASE x.grantee WHEN 0 THEN 'public' ELSE x.grantee::regrole::text END AS grantee,
        json_agg(DISTINCT x.privilege_type || coalesce(' (' || o.attname || ')', '')) AS privileges
    FROM (
        SELECT 'table ' || oid::regclass, NULL, coalesce(relacl, acldefault('r', relowner)), relowner FROM target
        UNION ALL
        SELECT 'table ' || t.oid::regclass, c.attname, c.attacl, t.relowner FROM target AS t CROSS JOIN columns AS c
        UNION ALL
        SELECT 'sequence ' || oid::regclass, NULL, coalesce(relacl, acldefault('s', relowner)), relowner FROM sequences
        UNION ALL
        SELECT 'function ' || function, NULL, coalesce(proacl, acldefault('f', proowner)), proowner FROM triggers
    ) AS o (what, attname, acl, owner)
    CROSS JOIN aclexplode(o.acl) AS x
    WHERE x.grantee <> o.owner
    GROUP BY 1, 2
)

SELECT
    json_build_object(
        'is', 'TableSpec',
        'schema', t.nspname,
        'name', t.relname,
        'row_security', t.relrowsecurity,
        'partition_key', pg_get_partkeydef(t.oid),
        'key', (
            SELECT to_json(names) FROM keys
            ORDER BY is_awkward, NOT indisprimary, cardinality(names), indexrelid
            LIMIT 1
        ),
        'comments',
        obj_description(t.oid, 'pg_class') IS NOT NULL
        AND NOT EXISTS (SELECT FROM columns WHERE col_description(attrelid, attnum) IS NULL),
        'columns', ARRAY(
            SELECT
                json_build_object(
                    'is', 'Column',
                    'name', c.attname,
                    'type', format_type(c.atttypid, c.atttypmod),
                    'nullable', NOT c.attnotnull,
                    'default', CASE c.attgenerated WHEN '' THEN pg_get_expr(d.adbin, d.adrelid) END,
                    'generated', CASE WHEN c.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
                    'virtual', c.attgenerated = 'v',
                    'identity', CASE c.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
                    'collation', nullif(c.attcollation, y.typcollation)::regcollation::text,
                    'sequence', (
                        SELECT
                            json_build_object(
                                'is', 'Sequence', 'name', s.relname, 'type', format_type(s.seqtypid, NULL),
                                'minimum', s.seqmin, 'maximum', s.seqmax, 'increment', s.seqincrement,
                                'cycle', s.seqcycle
                            )
                        FROM sequences AS s WHERE c.attnum = s.attnum
                    )
                )
            FROM columns AS c
            INNER JOIN pg_type AS y ON c.atttypid = y.oid
            LEFT JOIN pg_attrdef AS d ON c.attrelid = d.adrelid AND c.attnum = d.adnum
            ORDER BY c.attnum
        ),
        -- A foreign key to a partitioned table has a constraint more for each partition.
        'constraints', ARRAY(
            SELECT json_build_object('is', 'Constraint', 'name', conname, 'definition', pg_get_constraintdef(oid))
            FROM pg_constraint
            WHERE conrelid = t.oid AND contype NOT IN ('n', 't') AND conparentid = 0
            ORDER BY conname
        ),
        -- In the order in which they were made, in which PostgreSQL asks the unique ones.
        'indexes', ARRAY(
            SELECT
                json_build_object(
                    'is', 'Index',
                    'name', c.relname,
                    'unique', i.indisunique,
                    'using', substring(pg_get_indexdef(c.oid) FROM ' USING (.*)')
                )
            FROM pg_index AS i
            INNER JOIN pg_class AS c ON i.indexrelid = c.oid
            WHERE i.indrelid = t.oid
            ORDER BY c.oid
        ),
        'triggers', ARRAY(
            SELECT
                json_build_object(
                    'is', 'Trigger',
                    'name', tgname,
                    'definition',
                    substr(pg_get_triggerdef(oid), length('CREATE TRIGGER ' || quote_ident(tgname)) + 2),
                    'function', function,
                    'options', 'LANGUAGE ' || lanname
                    || CASE WHEN prosecdef THEN ' SECURITY DEFINER' ELSE ' SECURITY INVOKER' END
                    || coalesce(' SET ' || array_to_string(proconfig, ' SET '), ''),
                    'enabled', tgenabled = 'O'
                )
            FROM triggers
            ORDER BY tgname
        ),
        'policies', ARRAY(
            SELECT
                json_build_object(
                    'is', 'Policy',
                    'name', policyname,
                    'command', cmd,
                    'roles', ARRAY(SELECT unnest(roles)::text ORDER BY 1),
                    'permissive', permissive = 'PERMISSIVE'
                )
            FROM pg_policies
            WHERE (schemaname, tablename) = (t.nspname, t.relname)
            ORDER BY policyname
        ),
        'types', ARRAY(
            SELECT
                CASE y.typtype WHEN 'e' THEN
                    json_build_object(
                        'is', 'Enum',
                        'name', y.oid::regtype,
                        'labels', ARRAY(SELECT enumlabel FROM pg_enum WHERE enumtypid = y.oid ORDER BY enumsortorder)
                    )
                ELSE
                    json_build_object(
                        'is', 'Domain',
                        'name', y.oid::regtype,
                        'type', format_type(y.typbasetype, y.typtypmod),
                        'nullable', NOT y.typnotnull,
                        'constraints', ARRAY(
                            SELECT
                                json_build_object(
                                    'is', 'Constraint', 'name', conname, 'definition', pg_get_constraintdef(oid)
                                )
                            FROM pg_constraint WHERE contypid = y.oid AND contype = 'c' ORDER BY conname
                        )
                    )
                END
            FROM types INNER JOIN pg_type AS y ON types.oid = y.oid
            WHERE y.typtype IN ('e', 'd')
            ORDER BY y.oid::regtype::text
        ),
        'partitions', ARRAY(
            SELECT
                json_build_object(
                    'is', 'Partition',
                    'name', c.oid::regclass,
                    'bound', pg_get_expr(c.relpartbound, c.oid),
                    -- In the order of those of the table that they are of.
                    'indexes', ARRAY(
                        SELECT x.indexrelid::regclass
                        FROM pg_index AS x LEFT JOIN pg_inherits AS h ON x.indexrelid = h.inhrelid
                        WHERE x.indrelid = c.oid ORDER BY h.inhparent, x.indexrelid
                    )
                )
            FROM pg_inherits AS i
            INNER JOIN pg_class AS c ON i.inhrelid = c.oid
            WHERE i.inhparent = t.oid AND c.relispartition
            ORDER BY c.oid::regclass::text
        ),
        'privileges', (
            SELECT coalesce(json_object_agg(grantee, privileges ORDER BY grantee), '{}')
            FROM granted WHERE what = 'table ' || t.oid::regclass
        ),
        'other_privileges', (
            SELECT coalesce(json_object_agg(what, held ORDER BY what), '{}')
            FROM (
                SELECT what, json_object_agg(grantee, privileges ORDER BY grantee) AS held
                FROM granted WHERE what <> 'table ' || t.oid::regclass
                GROUP BY what
            ) AS beside
        )
    )::text
FROM target AS t
