-- verdict: green
-- because: USING (true) FOR SELECT on catalogue data; nobody but service_role writes it
create table public.countries (
    code public.country_code primary key,
    name text not null,
    vat_rate numeric(4, 2) not null
);

alter table public.countries enable row level security;

create policy "Countries are public" on public.countries for select to anon, authenticated using (true);

grant select on table public.countries to anon, authenticated;
grant select, insert, update, delete on table public.countries to service_role;

insert into public.countries (code, name, vat_rate)
values ('DE', 'Germany', 19), ('FR', 'France', 20), ('NL', 'Netherlands', 21)
on conflict (code) do nothing;
