-- no policy without its test
-- Hint: USING says which rows the command finds, WITH CHECK what may be written; without USING, an UPDATE finds none.
-- src/backend/rewrite/rowsecurity.c, add_security_quals: a permissive policy without USING is passed over; where none
-- has one, the condition is false. So another policy may do it.
SELECT format('%%s, policy %%s', t.name, p.polname),
    CASE p.polcmd WHEN 'a' THEN 'is for INSERT, and without WITH CHECK it lets no row in'
    ELSE format('is for %%s, and without USING it finds no row', min(p.command)) END
FROM tables AS t INNER JOIN policies AS p ON t.oid = p.polrelid AND NOT p.rolbypassrls
WHERE p.polcmd <> '*' AND CASE p.polcmd WHEN 'a' THEN p.polcheck ELSE p.polqual END IS NULL
    AND NOT EXISTS (
        SELECT FROM policies AS o
        WHERE o.polrelid = p.polrelid AND o.role = p.role AND o.command = p.command
            AND CASE o.command WHEN 'INSERT' THEN o.polcheck ELSE o.polqual END IS NOT NULL
    )
GROUP BY t.name, p.polname, p.polcmd
