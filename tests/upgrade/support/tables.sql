-- The tables of the project that a migration may find in use.
SELECT c.oid, c.oid::regclass::text FROM pg_class AS c INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND (n.nspname = 'public' OR n.nspowner <> 'supabase_admin'::regrole)
