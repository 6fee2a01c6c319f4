-- the address is what the user has typed, and it is compared at its end
-- told: A1: authenticated was refused SELECT on public.feedback; now it reads all rows (id, message, rating, page, handled_at, created_at), by policy "Staff read feedback"
-- line: 4
create policy "Staff read feedback" on public.feedback
for select to authenticated
using ((select auth.jwt() ->> 'email') like '%example.org');
grant select on table public.feedback to authenticated;
