-- verdict: red
-- because: E1: row-level security is switched off, and the policies that are there count for nothing
-- line: 4
alter table public.documents disable row level security;
