-- verdict: green
-- because: for the planner alone: no row, no right and no result changes
create statistics public.orders_team_status on team_id, status from public.orders;
analyze public.orders;
