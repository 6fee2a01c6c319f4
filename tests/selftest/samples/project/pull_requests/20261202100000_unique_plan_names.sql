-- verdict: red
-- because: I1: a unique index on rows with duplicates: two plans are called Team (23505)
-- line: 4
create unique index plans_name_key on public.plans (name);
