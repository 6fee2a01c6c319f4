-- Writes into the catalogue itself.
UPDATE pg_authid SET rolsuper = true WHERE rolname = 'postgres';
