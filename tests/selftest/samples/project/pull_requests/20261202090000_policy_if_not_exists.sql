-- verdict: red
-- because: I1: does not parse: CREATE POLICY has no IF NOT EXISTS (42601)
-- line: 5
alter table public.labels alter column colour set default '#777777';
create policy if not exists "Members read labels" on public.labels
for select to authenticated using (private.is_team_member(team_id));
