-- finds: still at work when the file had had 1 s, and was ended
-- Sends notifications without an end.
SELECT count(pg_notify('flood', repeat('x', 7000) || n)) FROM generate_series(1, 1e12) AS n;
