-- finds: still at work when the file had had 1 s, and was ended
-- Sorts rows without an end, in files.
SELECT n FROM generate_series(1, 1e12) AS n ORDER BY -n LIMIT 1;
