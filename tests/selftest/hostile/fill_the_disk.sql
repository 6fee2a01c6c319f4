-- finds: still at work when the file had had 1 s, and was ended
-- Fills a table without an end.
CREATE TABLE filled AS SELECT n, repeat('x', 1000) AS x FROM generate_series(1, 1e12) AS n;
