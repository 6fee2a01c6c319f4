-- verdict: red
-- because: I1: a table that no file makes, made by hand in the dashboard (42P01)
-- line: 4
alter table public.lead_scores add column updated_at timestamptz not null default now();
