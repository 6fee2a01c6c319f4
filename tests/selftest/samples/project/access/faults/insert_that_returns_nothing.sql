-- who makes a team is not in it yet, so that INSERT … RETURNING ends with 42501 for everybody
-- told: A1: authenticated was refused INSERT on public.teams; now it inserts own rows
-- line: 4
create policy "Users can create teams" on public.teams
for insert to authenticated
with check (created_by = (select auth.uid()));
grant insert (name, slug, created_by) on table public.teams to authenticated;
