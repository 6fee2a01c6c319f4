-- finds: SQLSTATE 54001
-- Calls itself without an end.
CREATE FUNCTION deeper(integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN deeper($1 + 1); END';
SELECT deeper(1);
