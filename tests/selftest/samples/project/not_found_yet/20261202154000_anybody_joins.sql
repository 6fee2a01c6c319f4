-- verdict: red
-- because: none yet: it checks who is put in and not into what: a stranger joins any team, as its owner
-- line: 4
create policy "Users can join teams" on public.team_members
for insert to authenticated
with check (user_id = (select auth.uid()));
grant insert on table public.team_members to authenticated;
