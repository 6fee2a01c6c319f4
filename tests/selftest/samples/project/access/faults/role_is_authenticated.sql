-- auth.role() says that somebody is signed in, and no more
-- told: A1: authenticated could read own rows, rows of its tenants of public.teams; now it reads all rows, by policy "Authenticated users can read"
-- line: 4
create policy "Authenticated users can read" on public.teams
for select
using ((select auth.role()) = 'authenticated');
