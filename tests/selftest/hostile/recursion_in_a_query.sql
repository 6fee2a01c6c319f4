-- finds: still at work when the file had had 1 s, and was ended
-- Counts what a recursive query never stops to give.
WITH RECURSIVE more AS (SELECT 1 AS n UNION ALL SELECT n FROM more) SELECT count(*) FROM more;
