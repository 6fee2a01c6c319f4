-- it checks who is put in and not into what: a stranger joins any team, as its owner
-- told: A1: authenticated was refused INSERT on public.team_members; now it inserts own rows, own rows in what is another's
-- line: 4
create policy "Users can join teams" on public.team_members
for insert to authenticated
with check (user_id = (select auth.uid()));
grant insert on table public.team_members to authenticated;
