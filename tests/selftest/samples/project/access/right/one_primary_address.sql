-- A partial unique index: one of each customer's addresses is the first.
-- told: table public.addresses is new: authenticated: select own rows, rows of its tenants (id, customer_id, is_first, country, street)
-- told: sequence public.addresses_id_seq is new: nobody can use it
create table public.addresses (
    id bigint generated always as identity primary key,
    customer_id uuid not null references public.customers (id) on delete cascade,
    is_first boolean not null default false,
    country public.country_code not null,
    street text not null check (street = btrim(street) and street <> '')
);
create index addresses_customer_id_idx on public.addresses (customer_id);
create unique index addresses_first_idx on public.addresses (customer_id) where is_first;
alter table public.addresses enable row level security;
create policy "Members read addresses" on public.addresses
for select to authenticated
using (exists (select from public.customers as c where c.id = customer_id and private.is_team_member(c.team_id)));
grant select on table public.addresses to authenticated;
