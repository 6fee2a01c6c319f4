-- Schemas, names and files of relations of these kinds; the bookkeeping of a delivery tool is no part of the comparison,
-- and of the platform's schemas only the tables that hold something, or held it, without their files.
SELECT
    n.nspname,
    c.relname,
    CASE
        WHEN n.nspname = 'public' OR n.nspowner <> 'supabase_admin'::regrole
            THEN format('%%s: oid %%s, file %%s', c.oid::regclass, c.oid, pg_relation_filenode(c.oid))
    END
FROM pg_class AS c INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE
    n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'supabase_migrations')
    AND c.relkind::text = ANY (%s)
    AND (
        n.nspname = 'public' OR n.nspowner <> 'supabase_admin'::regrole
        OR (c.relkind = 'r' AND pg_relation_size(c.oid) > 0)
    )
ORDER BY c.oid::regclass::text COLLATE "C"
