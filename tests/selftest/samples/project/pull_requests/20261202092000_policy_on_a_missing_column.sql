-- verdict: red
-- because: I1: refunds has no column team_id (42703)
-- line: 5
alter table public.refunds add column note text;
create policy "Admins change refunds" on public.refunds
for update to authenticated
using (private.has_team_role(team_id, '{owner,admin}'));
