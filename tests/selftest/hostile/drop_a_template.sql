-- finds: SQLSTATE 42501
-- Drops the template that all other databases are made from.
DROP DATABASE bare_granting;
