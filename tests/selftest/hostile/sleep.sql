-- Sleeps, after it has taken off the time limit.
SET statement_timeout = 0;
SELECT pg_sleep(3600);
