-- one permissive policy for each role and command
-- Hint: one policy with OR between the tests; each row is held to every one of them.
SELECT format('%%s, %%s, %%s', t.name, p.rolname, p.command),
    format('has %%s permissive policies', count(*))
FROM tables AS t INNER JOIN policies AS p ON t.oid = p.polrelid AND NOT p.rolbypassrls
WHERE has_table_privilege(p.role, t.oid, p.command)
    OR (p.command <> 'DELETE' AND has_any_column_privilege(p.role, t.oid, p.command))
GROUP BY t.name, p.rolname, p.command
HAVING count(*) > 1
