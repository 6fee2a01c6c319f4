-- no policy open to all
-- Hint: name the rows in the policy, or leave it to service_role, which needs none.
SELECT
    format('%%s, policy %%s', t.name, p.polname),
    format('holds %%s by %%s to a test that is always true', p.command, p.rolname)
    || CASE p.command WHEN 'SELECT' THEN ', and by its name it is not for that role' ELSE '' END,
    t.name,
    pg_get_expr(e.test, t.oid)
FROM tables AS t INNER JOIN policies AS p ON t.oid = p.polrelid
CROSS JOIN LATERAL (
    VALUES ('{SELECT,UPDATE,DELETE}'::text [], p.polqual), ('{INSERT,UPDATE}', p.polcheck)
) AS e (commands, test)
WHERE p.rolname IN ('anon', 'authenticated') AND p.command = ANY (e.commands) AND e.test IS NOT NULL
    -- Reading may be for all, unless the policy says that it is for the back end or for administrators alone.
    AND (
        p.command <> 'SELECT'
        OR (
            p.polcmd = 'r'
            AND p.polname ~* concat(
                '\mservice[ _-]?(role|account|key)|\mback[ _-]?end\M',
                '|^(only[ _-])?(super[ _-]?)?admin(istrator)?s?[ _-](only|can|may|(full|read|all)[ _-]access)'
            )
            AND p.polname !~* 'public|(every|any)(one|body)|anon|authenticated|signed|logged|visitor|guest'
        )
    )
