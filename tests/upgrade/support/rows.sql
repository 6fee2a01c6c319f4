-- INSERTs of rows for each table, made of the types of its columns: (table as SQL, its name, the INSERTs), best first.
-- The first gives three thousand rows; where the table refuses it, the next gives columns with a default a value too, then
-- one that a CHECK names or that the name asks for, then leaves out what may be null, and then gives a single row. A column with a default gets that; one that may be null is null in every third row; a foreign key that may not be null
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

checked AS (
    SELECT a.attrelid, a.attnum, string_agg(pg_get_constraintdef(k.oid), ' ') AS test
    FROM pg_attribute AS a
    INNER JOIN pg_constraint AS k
        ON (k.conrelid = a.attrelid AND k.conkey = ARRAY[a.attnum]) OR (k.contypid = a.atttypid AND k.contypid <> 0)
    WHERE k.contype = 'c'
    GROUP BY a.attrelid, a.attnum
),

filled AS (
    SELECT
        a.attrelid,
        a.attnum,
        quote_ident(a.attname) AS name,
        format_type(a.atttypid, a.atttypmod) AS type,
        a.attnotnull,
        a.atthasdef,
        b.typname,
        b.typcategory,
        f.alias,
        f.parent,
        k.test ~ 'length' AND b.typcategory = 'S' AS is_length,
        k.test,
        CASE WHEN k.test !~ '~' THEN substring(k.test FROM '''([^'']+)''') END AS word,
        -- One less than a length must be below, some more than it must be above.
        CASE
            WHEN k.test ~ 'length.*<[^=>]' THEN -1
            WHEN k.test ~ 'length.*>' AND k.test !~ '<' THEN 10
            ELSE 0
        END AS beyond,
        (SELECT max(m.found[1]::numeric) FROM regexp_matches(k.test, '\m(\d{1,9})\M', 'g') AS m (found)) AS number
    FROM pg_attribute AS a
    INNER JOIN pg_type AS y ON a.atttypid = y.oid
    -- What a domain is made of.
    INNER JOIN pg_type AS b ON b.oid = coalesce(nullif(y.typbasetype, 0), y.oid)
    LEFT JOIN foreign_key AS f ON a.attrelid = f.conrelid AND a.attnum = f.attnum AND a.attnotnull
    LEFT JOIN checked AS k ON a.attrelid = k.attrelid AND a.attnum = k.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
),

of_type AS (
    SELECT
        *,
        CASE
            WHEN alias IS NOT NULL THEN alias || '.value'
            WHEN typname = 'uuid' THEN 'md5(n::text)'
            WHEN typname IN ('json', 'jsonb') THEN 'json_build_object(''n'', n)'
            WHEN typname = 'tsvector' THEN 'n::text'
            WHEN typname IN ('vector', 'halfvec')
                THEN format('rpad(''[1'', %s, '',1'') || '']''', 2 * coalesce(substring(type FROM '\d+')::integer, 1))
            WHEN typname IN ('geometry', 'geography') THEN '''SRID=4326;POINT(1 2)'''
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
        END AS made
    FROM filled
),

valued AS (
    SELECT
        *,
        CASE
            WHEN alias IS NOT NULL OR typcategory NOT IN ('S', 'N') THEN made
            WHEN is_length THEN format('lpad(n::text, %s, ''0'')', number + beyond)
            WHEN test ~ '@' OR name ~ 'mail' THEN 'n || ''@example.org'''
            WHEN word IS NOT NULL THEN quote_literal(word)
            -- What a pattern asks for: a link, a colour, a telephone number, a code of letters.
            WHEN test ~ '~.*http' THEN '''https://example.org/'' || n'
            WHEN test ~ '~.*#' THEN '''#888888'''
            WHEN test ~ '~.*\\\+' THEN '''+49301234567'''
            WHEN test ~ '~.*A-Z[^a-z]*\{2\}' THEN '''DE'''
            WHEN test ~ '~.*A-Z[^a-z]*\{3\}' THEN '''EUR'''
            WHEN test ~ '~.*a-z[^A-Z]*\{2\}' THEN '''de'''
            WHEN typcategory = 'N' AND number IS NOT NULL THEN number::text
            WHEN name ~ 'url|link|website' THEN '''https://example.org/'' || n'
            WHEN typcategory = 'S' THEN '''a'' || n'
            ELSE made
        END AS asked
    FROM of_type
),

way (number, gives_defaults, gives_nullable, gives_asked, amount) AS (
    VALUES
    (1, false, true, false, 3000),
    (2, true, true, false, 3000),
    (3, true, true, true, 3000),
    (4, false, false, true, 3000),
    (5, true, true, true, 1)
),

given AS (
    SELECT
        v.attrelid,
        v.attnum,
        v.name,
        v.parent,
        v.alias,
        w.number,
        format(
            CASE WHEN v.attnotnull THEN '(%s)::%s' ELSE format('CASE WHEN mod(n + %s, 3) > 0 THEN (%%s)::%%s END', v.attnum) END,
            CASE WHEN w.gives_asked THEN v.asked ELSE v.made END,
            v.type
        ) AS value
    FROM valued AS v
    INNER JOIN way AS w ON (w.gives_defaults OR NOT v.atthasdef) AND (w.gives_nullable OR v.attnotnull)
),

insertion AS (
    SELECT
        t.name,
        t.plain_name,
        w.number,
        format(
            'INSERT INTO %s %s SELECT %s FROM generate_series(1, %s) AS s (n) %s',
            t.name,
            '(' || string_agg(g.name, ', ' ORDER BY g.attnum) || ')',
            string_agg(g.value, ', ' ORDER BY g.attnum),
            w.amount,
            string_agg(format('INNER JOIN %s AS %s USING (n)', g.parent, g.alias), ' ') FILTER (WHERE g.parent IS NOT NULL)
        ) AS text
    FROM user_table AS t
    CROSS JOIN way AS w
    LEFT JOIN given AS g ON t.oid = g.attrelid AND w.number = g.number
    GROUP BY t.oid, t.name, t.plain_name, w.number, w.amount
)

SELECT name::text, plain_name, array_agg(text ORDER BY number) FROM insertion GROUP BY name, plain_name ORDER BY plain_name
