-- verdict: red
-- because: I15: a table is dropped with its rows
-- line: 4
drop table if exists public.time_entries cascade;
