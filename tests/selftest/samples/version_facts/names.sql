-- What a migration can name of pg_catalog: kind and name, and of a function its name with each number of arguments too.
WITH functions AS (
    SELECT proname::text AS name, pronargs, pronargdefaults
    FROM pg_proc
    WHERE
        pronamespace = 'pg_catalog'::regnamespace
        -- EXTRACT, which was date_part() before, and AT LOCAL are the grammar's. The others are pg_upgrade's.
        AND proname <> ALL ('{extract, timezone}') AND proname NOT LIKE 'binary\_upgrade\_%'
        -- Nobody calls these in SQL.
        AND NOT ARRAY['internal', 'cstring']::regtype[]::oid[] && proargtypes::oid[]
        AND prorettype <> ALL (ARRAY['internal', 'cstring', 'trigger', 'event_trigger', 'index_am_handler']::regtype[])
)
SELECT 'function', name FROM functions
UNION
SELECT 'function', name || '/' || generate_series(pronargs - pronargdefaults, pronargs::integer) FROM functions
UNION
SELECT 'type', typname FROM pg_type
WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype <> 'c' AND typelem = 0
UNION
SELECT 'setting', name FROM pg_settings
UNION
SELECT 'role', rolname FROM pg_roles WHERE rolname LIKE 'pg\_%'
UNION
SELECT 'relation', relname FROM pg_class
WHERE relnamespace = ANY ('{pg_catalog, information_schema}'::regnamespace[]) AND relkind IN ('r', 'v')
UNION
-- The others come with ICU or with the operating system.
SELECT 'collation', collname FROM pg_collation WHERE collname = 'unicode' OR collname LIKE 'pg\_%'
UNION
SELECT 'operator class', opcname FROM pg_opclass WHERE opcnamespace = 'pg_catalog'::regnamespace
