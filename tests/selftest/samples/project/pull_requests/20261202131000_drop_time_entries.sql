-- verdict: red
-- because: none yet: a table is dropped with its rows
-- line: 4
drop table if exists public.time_entries cascade;
