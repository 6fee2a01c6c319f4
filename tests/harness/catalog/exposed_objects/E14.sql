-- policies that ask once for a query who is there
-- Hint: (SELECT auth.uid()) is computed once for a query, auth.uid() once for each row.
SELECT format('%%s, policy %%s', t.name, e.polname), format('calls %%s once for each row', min(m.parts[1]))
FROM tables AS t INNER JOIN expressions AS e ON t.oid = e.polrelid
CROSS JOIN regexp_matches(
    regexp_replace(e.expression, 'SELECT (?:\w*\()*(?:auth\.\w+\(|current_setting\()', '', 'g'),
    '\m(auth\.(?:uid|jwt|role|email)|current_setting)\(', 'g'
) AS m (parts)
GROUP BY t.name, e.polname
