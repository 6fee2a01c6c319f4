-- The columns of the project's tables but those that PostgreSQL computes: (table's oid, column's number, table, column).
SELECT c.oid::text, a.attnum::int, c.oid::regclass::text, a.attname::text
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_attribute AS a ON c.oid = a.attrelid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind IN ('r', 'p') AND (n.nspname = 'public' OR n.nspowner = 'postgres'::regrole)
