-- finds: SQLSTATE 42501
-- Reads a file of the machine into a table.
CREATE TABLE said (line text);
COPY said FROM '/etc/passwd';
