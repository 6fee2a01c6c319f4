-- Counts what a recursive query never stops to give.
WITH RECURSIVE more AS (SELECT 1 AS n UNION ALL SELECT n FROM more) SELECT count(*) FROM more;
