-- FOR ALL is for DELETE too, and that takes with it all that hangs on a team
-- told: A1: authenticated could delete some own rows of public.teams; now it deletes own rows, rows of its tenants, by policy "Members manage their teams"
-- told: A1: authenticated could change some own rows of public.teams; now it changes own rows, rows of its tenants, by policy "Members manage their teams"
-- line: 5
create policy "Members manage their teams" on public.teams
for all to authenticated
using (private.is_team_member(id))
with check (private.is_team_member(id));
