-- verdict: green
-- because: NOT NULL with a constant default: the rows that are there get it without a rewrite
alter table public.projects add column archived boolean not null default false;
