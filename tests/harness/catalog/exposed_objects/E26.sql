-- no extension among the project's own
-- Hint: CREATE EXTENSION … WITH SCHEMA extensions; ALTER EXTENSION … SET SCHEMA extensions.
-- Not of one that says itself where it must be, nor of one that cannot be moved any more.
SELECT quote_ident(e.extname), 'is in the exposed schema ' || e.extnamespace::regnamespace::text FROM pg_extension AS e
WHERE e.extrelocatable AND e.extnamespace::regnamespace::text = ANY (%(schemas)s)
