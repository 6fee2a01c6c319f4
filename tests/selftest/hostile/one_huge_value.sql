-- finds: SQLSTATE 54000|SQLSTATE XX000
-- Asks for a value of more than a gigabyte.
SELECT repeat('x', 2000000000);
