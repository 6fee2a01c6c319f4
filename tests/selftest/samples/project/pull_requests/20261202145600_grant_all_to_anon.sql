-- verdict: red
-- because: E4, E5: GRANT ALL gives anon TRUNCATE, which row-level security does not stop
-- line: 4
grant all on table public.feedback to anon;
