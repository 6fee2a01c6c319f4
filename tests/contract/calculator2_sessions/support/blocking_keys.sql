WITH RECURSIVE reached (oid) AS (
    SELECT 'public.calculator2_sessions'::regclass::oid
    UNION
    SELECT k.conrelid FROM pg_constraint AS k JOIN reached AS r ON k.confrelid = r.oid
    WHERE k.contype = 'f' AND k.confdeltype = 'c'
)
SELECT format('%I on %I.%I: %s', k.conname, n.nspname, c.relname, pg_get_constraintdef(k.oid))
FROM pg_constraint AS k JOIN reached AS r ON k.confrelid = r.oid
JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND (
    k.confdeltype IN ('a', 'r') OR k.confdeltype IN ('n', 'd') AND EXISTS (
        SELECT FROM pg_attribute AS a
        WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND a.attnotnull
        AND NOT (k.confdeltype = 'd' AND a.atthasdef)
    )
)
