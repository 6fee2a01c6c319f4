-- team_id is that of team_members on both sides: a member of any team reads all customers
-- told: A1: authenticated could read own rows, rows of its tenants of public.customers; now it reads all rows, by policy "Colleagues read customers"
-- line: 4
create policy "Colleagues read customers" on public.customers
for select to authenticated
using (exists (select from public.team_members as m where m.team_id = team_id and m.user_id = (select auth.uid())));
