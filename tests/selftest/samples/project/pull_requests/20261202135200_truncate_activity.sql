-- verdict: red
-- because: I8, I15: TRUNCATE empties a table that holds what cannot be had again
-- line: 4
truncate table public.activity_log;
