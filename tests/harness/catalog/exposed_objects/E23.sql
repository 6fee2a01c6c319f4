-- no trigger switched off
-- Hint: ALTER TABLE … ENABLE TRIGGER … at the end of the file; what is not needed, DROP TRIGGER.
-- A partition's goes by its table's.
SELECT format('%%s, trigger %%s', t.tgrelid::regclass, t.tgname), 'is disabled'
FROM pg_trigger AS t LEFT JOIN pg_trigger AS p ON t.tgparentid = p.oid
WHERE NOT t.tgisinternal AND t.tgenabled = 'D' AND coalesce(p.tgenabled <> 'D', true)
