-- The USING and WITH CHECK expressions of a table's policies.
SELECT e.expression
FROM pg_policy AS p
CROSS JOIN LATERAL (
    VALUES (pg_get_expr(p.polqual, p.polrelid)), (pg_get_expr(p.polwithcheck, p.polrelid))
) AS e (expression)
WHERE p.polrelid = to_regclass(%s) AND e.expression IS NOT NULL
