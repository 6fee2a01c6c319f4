-- Catalogue data, for everybody to read.
-- told: table public.countries is new: anon: select all rows (code, name); authenticated: select all rows (code, name)
create table public.countries (
    code public.country_code primary key,
    name text not null
);
alter table public.countries enable row level security;
create policy "Countries are public" on public.countries for select using (true);
grant select on table public.countries to anon, authenticated;
insert into public.countries (code, name) values ('DE', 'Germany'), ('FR', 'France');
