-- Every table that is neither PostgreSQL's own nor the platform's.
SELECT c.oid FROM pg_class AS c INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND (n.nspname = 'public' OR n.nspowner <> 'supabase_admin'::regrole)
