-- finds: sleep\.sql:3:.*still at work when the file had had 1 s, and was ended
-- Sleeps, after it has taken off the time limit.
SET statement_timeout = 0;
SELECT pg_sleep(3600);
