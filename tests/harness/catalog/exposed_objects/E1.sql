-- row-level security
-- Hint: ALTER TABLE … ENABLE ROW LEVEL SECURITY; if that cannot be, move the table to a schema that is not exposed.
-- A foreign table can have none: E16.
SELECT t.name,
    'has no row-level security' || CASE count(p.oid)
        WHEN 0 THEN '' WHEN 1 THEN ', though it has 1 policy' ELSE format(', though it has %%s policies', count(p.oid))
    END
FROM tables AS t LEFT JOIN pg_policy AS p ON t.oid = p.polrelid
WHERE t.relkind <> 'f' AND NOT t.relrowsecurity
GROUP BY t.oid, t.name
