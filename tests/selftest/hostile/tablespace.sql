-- finds: SQLSTATE 42501
-- Puts a tablespace into a folder of the machine.
CREATE TABLESPACE elsewhere LOCATION '/outside';
