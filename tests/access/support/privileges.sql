-- Which columns a role may read, change and fill in, and whether it may delete rows and truncate: of each table or view.
-- And the columns on which its policies turn. The parameters are the role and the names.
SELECT
    c.oid::regclass::text,
    coalesce(array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE has_column_privilege(%(role)s, c.oid, a.attnum, 'SELECT')), '{}'),
    coalesce(array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE has_column_privilege(%(role)s, c.oid, a.attnum, 'UPDATE')), '{}'),
    coalesce(array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE has_column_privilege(%(role)s, c.oid, a.attnum, 'INSERT')), '{}'),
    has_table_privilege(%(role)s, c.oid, 'DELETE'),
    has_table_privilege(%(role)s, c.oid, 'TRUNCATE'),
    coalesce(array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE EXISTS (
        SELECT FROM pg_depend AS d
        WHERE d.classid = 'pg_policy'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
    )), '{}')
FROM pg_class AS c
INNER JOIN pg_attribute AS a ON c.oid = a.attrelid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.oid = ANY (%(relations)s::regclass[])
GROUP BY c.oid
