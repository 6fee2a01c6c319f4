-- no column that pg_upgrade refuses
-- Hint: store the name as text, and cast it where it is used.
SELECT format('%%s, column %%s', t.name, a.attname),
    format('is of type %%s, which no upgrade by pg_upgrade survives', format_type(a.atttypid, a.atttypmod))
FROM tables AS t
INNER JOIN pg_attribute AS a ON t.oid = a.attrelid AND a.attnum > 0 AND NOT a.attisdropped
INNER JOIN pg_type AS y ON a.atttypid IN (y.oid, y.typarray)
WHERE y.oid IN (
    'regcollation'::regtype, 'regconfig'::regtype, 'regdictionary'::regtype, 'regnamespace'::regtype,
    'regoper'::regtype, 'regoperator'::regtype, 'regproc'::regtype, 'regprocedure'::regtype
)
