-- the condition is the view's, and the OR lets through what nobody made
-- told: A1: view public.my_projects is new: authenticated: select all rows (id, team_id, name, budget)
-- line: 4
create view public.my_projects as
select p.id, p.team_id, p.name, p.budget from public.projects as p
where p.created_by = (select auth.uid()) or p.status = 'active';
grant select on table public.my_projects to authenticated;
