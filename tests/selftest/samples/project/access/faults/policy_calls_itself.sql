-- a policy of team_members that reads team_members: every read ends with 42P17
-- told: A2: select on public.team_members by authenticated ends with 42P17: infinite recursion
-- line: 5
drop policy "Members can see each other" on public.team_members;
create policy "Members can see each other" on public.team_members
for select to authenticated
using (team_id in (select m.team_id from public.team_members as m where m.user_id = (select auth.uid())));
