-- The tables in some schemas that the role which migrates made, and no extension: as SQL names them, in their order.
SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
WHERE
    c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname = ANY(%(schemas)s)
    AND pg_catalog.pg_get_userbyid(c.relowner) = 'postgres'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
    )
ORDER BY n.nspname, c.relname
