-- An INSERT of three thousand rows for each table, made of the types of its columns: (table as SQL, its name, the INSERT).
-- A column with a default gets that; one that may be null is null in every third row; a foreign key that may not be null
-- refers to a row of its own, so that table must have rows first. Of the platform's tables, those that others refer to.

WITH RECURSIVE referred_to (oid) AS (
    SELECT f.confrelid FROM pg_constraint AS f
    INNER JOIN pg_namespace AS n ON f.connamespace = n.oid
    WHERE f.contype = 'f' AND (n.nspname = 'public' OR n.nspowner <> 'supabase_admin'::regrole)
    UNION
    SELECT f.confrelid FROM pg_constraint AS f INNER JOIN referred_to AS r ON f.conrelid = r.oid WHERE f.contype = 'f'
),

user_table AS (
    SELECT
        c.oid,
        c.oid::regclass AS name,
        format('%s.%s', n.nspname, c.relname) AS plain_name
    FROM pg_class AS c
    INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
    -- A partition gets its rows through the table that it is a part of.
    WHERE
        c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'supabase_migrations')
        AND (n.nspname = 'public' OR n.nspowner <> 'supabase_admin'::regrole OR c.oid IN (SELECT oid FROM referred_to))
),

foreign_key AS (
    SELECT DISTINCT ON (f.conrelid, k.attnum)
        f.conrelid,
        k.attnum,
        format('f%s', k.attnum) AS alias,
        format(
            '(SELECT %I AS value, row_number() OVER (ORDER BY tableoid, ctid) AS n FROM %s)', p.attname, f.confrelid::regclass
        ) AS parent
    FROM pg_constraint AS f
    CROSS JOIN LATERAL unnest(f.conkey, f.confkey) AS k (attnum, parent_attnum)
    INNER JOIN pg_attribute AS p ON f.confrelid = p.attrelid AND k.parent_attnum = p.attnum
    WHERE f.contype = 'f'
    ORDER BY f.conrelid, k.attnum, f.oid
),

filled AS (
    SELECT
        a.attrelid,
        a.attnum,
        quote_ident(a.attname) AS name,
        format_type(a.atttypid, a.atttypmod) AS type,
        a.attnotnull,
        b.typname,
        b.typcategory,
        f.alias,
        f.parent
    FROM pg_attribute AS a
    INNER JOIN pg_type AS y ON a.atttypid = y.oid
    -- What a domain is made of.
    INNER JOIN pg_type AS b ON b.oid = coalesce(nullif(y.typbasetype, 0), y.oid)
    LEFT JOIN foreign_key AS f ON a.attrelid = f.conrelid AND a.attnum = f.attnum AND a.attnotnull
    WHERE a.attnum > 0 AND NOT a.attisdropped AND NOT a.atthasdef AND a.attidentity = ''
),

valued AS (
    SELECT
        *,
        format(
            CASE WHEN attnotnull THEN '(%s)::%s' ELSE format('CASE WHEN mod(n + %s, 3) > 0 THEN (%%s)::%%s END', attnum) END,
            CASE
                WHEN alias IS NOT NULL THEN alias || '.value'
                WHEN typname = 'uuid' THEN 'md5(n::text)'
                WHEN typname IN ('json', 'jsonb') THEN 'json_build_object(''n'', n)'
                WHEN typname = 'bytea' THEN 'decode(md5(n::text), ''hex'')'
                ELSE CASE typcategory
                    WHEN 'B' THEN 'n % 2 = 0'
                    WHEN 'N' THEN 'n'
                    WHEN 'S' THEN 'n || '' text'''
                    WHEN 'D' THEN 'now() - n * interval ''1 day 1 minute'''
                    WHEN 'T' THEN 'n * interval ''1 minute'''
                    WHEN 'I' THEN '''10.0.0.0''::inet + n'
                    WHEN 'E' THEN format('enum_first(NULL::%s)', type)
                    WHEN 'A' THEN '''{}'''
                    WHEN 'R' THEN '''empty'''
                    ELSE 'NULL'
                END
            END,
            type
        ) AS value
    FROM filled
)

SELECT
    t.name::text,
    t.plain_name,
    format(
        'INSERT INTO %s %s SELECT %s FROM generate_series(1, 3000) AS s (n) %s',
        t.name,
        '(' || string_agg(v.name, ', ' ORDER BY v.attnum) || ')',
        string_agg(v.value, ', ' ORDER BY v.attnum),
        string_agg(format('INNER JOIN %s AS %s USING (n)', v.parent, v.alias), ' ') FILTER (WHERE v.parent IS NOT NULL)
    )
FROM user_table AS t
LEFT JOIN valued AS v ON t.oid = v.attrelid
GROUP BY t.oid, t.name, t.plain_name
ORDER BY t.plain_name
