-- finds: SQLSTATE 42501
-- Reads a file of the machine as a foreign table.
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
