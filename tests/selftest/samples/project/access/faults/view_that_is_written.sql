-- simple enough to be updatable: who may update the view changes everybody's subscription, as the view's owner
-- told: A1: view public.plan_choice is new: authenticated: select all rows (team_id, plan_id, status), update all rows
-- line: 4
create view public.plan_choice as select s.team_id, s.plan_id, s.status from public.subscriptions as s;
grant select, update (plan_id) on table public.plan_choice to authenticated;
