-- The form of the website, for visitors who have not signed in: three columns to write, and none to read.
create table public.feedback (
    id bigint generated always as identity primary key,
    message text not null,
    rating smallint check (rating between 1 and 5),
    page text,
    handled_at timestamptz,
    created_at timestamptz not null default now()
);

alter table public.feedback enable row level security;

create policy "Visitors leave feedback" on public.feedback
for insert to anon, authenticated with check (char_length(message) between 1 and 4000);

grant insert (message, rating, page) on table public.feedback to anon, authenticated;
grant select, insert, update, delete on table public.feedback to service_role;
