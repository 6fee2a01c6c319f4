-- a privilege for each policy
-- Hint: GRANT the privilege, or take the role or the command out of the policy.
-- One is enough: a policy FOR ALL, or for PUBLIC, binds who has a privilege, and gives none.
SELECT format('%%s, policy %%s, %%s', t.name, p.polname, r.name),
    'is for ' || string_agg(DISTINCT p.command, ', ' ORDER BY p.command) || ', which the role may not'
FROM tables AS t INNER JOIN policies AS p ON t.oid = p.polrelid
CROSS JOIN LATERAL (SELECT CASE WHEN p.is_public THEN 'PUBLIC' ELSE p.rolname END) AS r (name)
GROUP BY t.name, p.polname, r.name
HAVING NOT bool_or(
    has_table_privilege(p.role, t.oid, p.command)
    OR (p.command <> 'DELETE' AND has_any_column_privilege(p.role, t.oid, p.command))
)
