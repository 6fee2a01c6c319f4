-- finds: SQLSTATE 42501
-- Reads a file of the machine into a large object.
SELECT lo_import('/etc/passwd');
