-- verdict: red
-- because: I8: a default that differs from row to row rewrites the table, with all who use it waiting
-- line: 4
alter table public.comments add column public_id uuid not null default gen_random_uuid();
