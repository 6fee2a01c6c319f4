-- a privilege for each policy
-- Hint: GRANT the privilege, or take the role or the command out of the policy.
SELECT format('%%s, policy %%s, %%s', t.name, p.polname, p.rolname),
    'is for ' || string_agg(p.command, ', ' ORDER BY p.command) || ', which the role may not'
FROM tables AS t INNER JOIN policies AS p ON t.oid = p.polrelid
WHERE NOT has_table_privilege(p.role, t.oid, p.command)
    AND (p.command = 'DELETE' OR NOT has_any_column_privilege(p.role, t.oid, p.command))
GROUP BY t.name, p.polname, p.rolname
