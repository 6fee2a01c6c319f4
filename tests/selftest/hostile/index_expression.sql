-- finds: index_expression\.sql:6:.*still at work when the file had had 1 s, and was ended
-- Makes an index whose expression sleeps, and says that it is immutable.
CREATE FUNCTION slowly(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE
AS 'BEGIN PERFORM pg_sleep(3600); RETURN $1; END';
CREATE TABLE indexed (id integer);
INSERT INTO indexed VALUES (1);
CREATE INDEX ON indexed (slowly(id));
