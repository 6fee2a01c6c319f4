-- The query that names every object of the database, as pg_identify_object does. Left out are those that only hold
-- another one's storage, and the triggers that PostgreSQL makes of a foreign key: the constraint stands for them, and
-- their names hold OIDs.
SELECT
    string_agg(
        format(
            $$
            SELECT o.type || ' ' || o.identity
            FROM pg_catalog.%I AS c
            CROSS JOIN LATERAL pg_catalog.pg_identify_object(%s, c.oid, 0) AS o
            WHERE o.identity NOT LIKE 'pg_toast.%%' AND %s
            $$,
            c.relname, c.oid, CASE c.relname WHEN 'pg_trigger' THEN 'NOT c.tgisinternal' ELSE 'true' END
        ),
        ' UNION ALL '
    )
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_attribute AS a ON c.oid = a.attrelid AND a.attname = 'oid'
WHERE
    c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared
    AND c.relname NOT IN ('pg_largeobject_metadata', 'pg_enum', 'pg_db_role_setting')
