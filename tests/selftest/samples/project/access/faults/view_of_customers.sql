-- a view without security_invoker reads as its owner, whom no policy holds
-- told: A1: view public.customer_directory is new: authenticated: select all rows (id, team_id, name, email)
-- line: 4
create view public.customer_directory as
select c.id, c.team_id, c.name, c.email from public.customers as c;
grant select on table public.customer_directory to authenticated;
