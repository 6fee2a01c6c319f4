-- Asks for a value of more than a gigabyte.
SELECT repeat('x', 2000000000);
