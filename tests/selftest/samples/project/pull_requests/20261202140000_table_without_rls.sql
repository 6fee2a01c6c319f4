-- verdict: red
-- because: E1, E4: a table that the API offers, granted, and without row-level security
-- line: 4
create table public.holidays (
    day date primary key,
    name text not null
);
grant select on table public.holidays to anon, authenticated;
