-- finds: SQLSTATE 42501
-- Makes a foreign data wrapper of its own.
CREATE FOREIGN DATA WRAPPER anything;
