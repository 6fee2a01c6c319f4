-- At most one row: true.
-- told: table public.maintenance is new: anon: select all rows (is_on, message); authenticated: select all rows (is_on, message)
create table public.maintenance (
    is_on boolean primary key default true check (is_on),
    message text not null default ''
);
alter table public.maintenance enable row level security;
create policy "Whether there is maintenance is public" on public.maintenance
for select to anon, authenticated using (true);
grant select on table public.maintenance to anon, authenticated;
