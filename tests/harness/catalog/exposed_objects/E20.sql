-- a primary key
-- Hint: ALTER TABLE … ADD PRIMARY KEY: without one, no row can be named, nor sent by a publication.
SELECT t.name, 'has no primary key' FROM tables AS t
WHERE t.relkind <> 'f' AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conrelid = t.oid AND c.contype = 'p')
