-- finds: SQLSTATE 42501
-- Reaches another server by postgres_fdw.
CREATE EXTENSION postgres_fdw;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1');
