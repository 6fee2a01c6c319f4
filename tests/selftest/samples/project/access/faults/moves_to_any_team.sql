-- WITH CHECK (true) is weaker than USING, and the tenant's column may be changed: a project is put into another's team
-- told: A1: authenticated could change own rows, rows of its tenants of public.projects; now it changes own rows, rows of its tenants with team_id, by policy "Members can change projects"
-- line: 4
alter policy "Members can change projects" on public.projects
using (private.is_team_member(team_id))
with check (true);
grant update (team_id) on table public.projects to authenticated;
