-- finds: SQLSTATE 42501
-- Writes into the catalog itself.
UPDATE pg_authid SET rolsuper = true WHERE rolname = 'postgres';
