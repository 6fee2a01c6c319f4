-- verdict: red
-- because: I1: NOT NULL without a default: applies to an empty table, and fails wherever there are projects
-- line: 4
alter table public.projects add column code text not null;
