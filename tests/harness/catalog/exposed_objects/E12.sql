-- nothing compared with itself
-- Hint: write the table in front of each column: inside of a sub-select, a name means the innermost table that has it.
SELECT format('%%s, policy %%s', e.name, e.polname), 'compares a column with itself: ' || m.parts[1]
FROM expressions AS e
CROSS JOIN regexp_matches(
    e.expression,
    '\((\(*(?:[a-z_][a-z0-9_$]*|"[^"]+")(?:\.(?:[a-z_][a-z0-9_$]*|"[^"]+"))?\)?(?:::[a-z ]+)?) = \1\)', 'g'
) AS m (parts)
UNION
-- What the sub-select returns is the column of the policy's own table.
SELECT format('%%s, policy %%s', e.name, e.polname), 'compares a column with itself: ' || m.parts[1]
FROM expressions AS e
CROSS JOIN regexp_matches(
    e.expression, '\((\w+) (?:IN|= ANY) \( SELECT (?:DISTINCT )?(\w+)\.\1(?: AS \w+)?\s+FROM ', 'g'
) AS m (parts)
WHERE m.parts[2] = e.relname
UNION
-- The foreign key that refers to the policy's table, with the key of its own.
SELECT format('%%s, policy %%s', e.name, e.polname), format(
    'compares a column with another one of its row: %%s with %%s of %%s', f.attname, i.attname, k.conrelid::regclass
)
FROM expressions AS e
INNER JOIN pg_depend AS d
    ON e.oid = d.objid AND d.classid = 'pg_policy'::regclass AND d.refclassid = 'pg_class'::regclass
INNER JOIN foreign_keys AS k ON d.refobjid = k.conrelid AND k.conkey = ARRAY[d.refobjsubid::smallint]
INNER JOIN pg_attribute AS f ON k.conrelid = f.attrelid AND d.refobjsubid = f.attnum
INNER JOIN pg_index AS x ON k.conrelid = x.indrelid AND x.indisprimary AND x.indnkeyatts = 1
INNER JOIN pg_attribute AS i ON x.indrelid = i.attrelid AND i.attnum = x.indkey[0] AND f.attnum <> i.attnum
CROSS JOIN (VALUES ('(\m\w+\.)%%1$s = \1%%2$s\M'), ('(\m\w+\.)%%2$s = \1%%1$s\M')) AS c (pattern)
WHERE k.confrelid <> k.conrelid AND e.expression ~ format(c.pattern, f.attname, i.attname)
    -- One that is a foreign key itself may well be the same as another.
    AND NOT EXISTS (SELECT FROM foreign_keys AS o WHERE o.conrelid = k.conrelid AND o.conkey = ARRAY[i.attnum])
UNION
-- In a function of language sql, a name means the column before it means the argument.
SELECT f.oid::regprocedure::text, 'compares a column with itself: ' || m.parts[1]
FROM pg_proc AS f
INNER JOIN pg_language AS l ON f.prolang = l.oid AND l.lanname = 'sql' AND f.oid >= 16384
CROSS JOIN regexp_matches(
    regexp_replace(f.prosrc, '--[^\n]*|/\*.*?\*/|''[^'']*''', '', 'g'),
    '(?:^|[^.\w"])([a-z_]\w*)\s*=\s*\1(?![.\w("]|\s*[-+*/|])', 'gi'
) AS m (parts)
WHERE lower(m.parts[1]) = ANY (f.proargnames)
