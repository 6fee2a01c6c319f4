-- verdict: red
-- because: none yet: TRUNCATE empties a table that holds what cannot be had again
-- line: 4
truncate table public.activity_log;
