-- everybody may change his own membership, and the role stands in it: a member makes himself an owner
-- told: A1: authenticated could change own rows where role is owner, some rows of its tenants of public.team_members; now it changes own rows, some rows of its tenants, by policy "Users can update their own membership"
-- line: 4
create policy "Users can update their own membership" on public.team_members
for update to authenticated
using (user_id = (select auth.uid()))
with check (user_id = (select auth.uid()));
