-- somebody invited this address once, and no line says into which team
-- told: A1: authenticated was refused INSERT on public.team_members; now it inserts own rows, own rows in what is another's (team_id, user_id), by policy "Invited users join"
-- line: 4
create policy "Invited users join" on public.team_members
for insert to authenticated
with check (
    user_id = (select auth.uid())
    and exists (select from public.profiles as p where p.id = user_id)
);
grant insert (team_id, user_id) on table public.team_members to authenticated;
