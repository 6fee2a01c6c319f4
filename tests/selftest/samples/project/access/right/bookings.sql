-- An exclusion constraint: no room is booked twice.
-- told: table public.bookings is new: authenticated: select all rows (id, room, booked_by, during), insert own rows (id, room, booked_by, during)
create extension if not exists btree_gist with schema extensions;
create table public.bookings (
    id uuid primary key default gen_random_uuid(),
    room integer not null check (room between 1 and 9),
    booked_by uuid not null default auth.uid() references auth.users (id) on delete cascade,
    during tstzrange not null check (not isempty(during)),
    exclude using gist (room with =, during with &&)
);
create index bookings_booked_by_idx on public.bookings (booked_by);
alter table public.bookings enable row level security;
create policy "Everybody sees what is booked" on public.bookings for select to authenticated using (true);
create policy "Users book" on public.bookings for insert to authenticated with check (booked_by = (select auth.uid()));
grant select, insert on table public.bookings to authenticated;
