-- the owner of a team gives himself the plan, and says that it is paid
-- told: A1: authenticated was refused UPDATE on public.subscriptions; now it changes some own rows (plan_id, status, current_period_end, provider_reference, updated_at), by policy "Owners change their subscription"
-- line: 4
create policy "Owners change their subscription" on public.subscriptions
for update to authenticated
using (private.has_team_role(team_id, '{owner}'))
with check (private.has_team_role(team_id, '{owner}'));
grant update on table public.subscriptions to authenticated;
