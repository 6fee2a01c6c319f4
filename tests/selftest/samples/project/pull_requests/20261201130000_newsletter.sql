-- verdict: green
-- because: visitors may sign up without signing in: two columns to write, a check on one, and nothing to read
create table public.newsletter_addresses (
    email text primary key check (char_length(email) <= 320),
    language text not null default 'en',
    confirmed_at timestamptz
);

alter table public.newsletter_addresses enable row level security;

create policy "Visitors sign up" on public.newsletter_addresses
for insert to anon, authenticated with check (position('@' in email) > 1 and confirmed_at is null);

grant insert (email, language) on table public.newsletter_addresses to anon, authenticated;
grant select, insert, update, delete on table public.newsletter_addresses to service_role;
