-- verdict: red
-- because: I15: the table is dropped to be made again, and its rows are gone
-- line: 4
drop table public.feedback;
create table public.feedback (
    id bigint generated always as identity primary key,
    message text not null,
    rating smallint check (rating between 1 and 10),
    page text,
    handled_at timestamptz,
    created_at timestamptz not null default now()
);
alter table public.feedback enable row level security;
create policy "Visitors leave feedback" on public.feedback
for insert to anon, authenticated with check (char_length(message) between 1 and 4000);
grant insert (message, rating, page) on table public.feedback to anon, authenticated;
grant select, insert, update, delete on table public.feedback to service_role;
