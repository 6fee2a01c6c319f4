-- no write policy open to all
-- Hint: name the rows in the policy, or leave writing to service_role.
SELECT
    format('%%s, policy %%s', t.name, p.polname),
    format('holds %%s by %%s to a test that is always true', p.command, p.rolname),
    t.name,
    pg_get_expr(e.test, t.oid)
FROM tables AS t INNER JOIN policies AS p ON t.oid = p.polrelid
CROSS JOIN LATERAL (
    VALUES ('{UPDATE,DELETE}'::text [], p.polqual), ('{INSERT,UPDATE}', p.polcheck)
) AS e (commands, test)
WHERE p.rolname IN ('anon', 'authenticated') AND p.command = ANY (e.commands) AND e.test IS NOT NULL
