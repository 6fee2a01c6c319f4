-- verdict: red
-- because: I8: another type rewrites the table, with all who use it waiting
-- line: 4
alter table public.time_entries alter column minutes type numeric(8, 2);
