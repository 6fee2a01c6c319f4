-- a policy for each privilege
-- Hint: REVOKE the privilege, or write the policy.
SELECT format('%%s, %%s, %%s', t.name, r.rolname, k.command), 'is granted, and no policy is for it'
FROM tables AS t
INNER JOIN pg_roles AS r ON r.rolname = ANY (%(roles)s)
CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS k (command)
LEFT JOIN policies AS p ON t.oid = p.polrelid AND r.oid = p.role AND k.command = p.command
WHERE t.relkind <> 'f' AND p.polname IS NULL AND NOT r.rolbypassrls AND CASE k.command
    WHEN 'DELETE' THEN has_table_privilege(r.oid, t.oid, k.command)
    ELSE has_any_column_privilege(r.oid, t.oid, k.command)
END
