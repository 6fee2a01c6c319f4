-- A definer function that asks first.
-- told: function public.team_invoices(uuid) is new: authenticated: execute as its owner, returns own rows, rows of its tenants
create function public.team_invoices(team uuid)
returns setof public.invoices
language sql
stable
security definer
set search_path = ''
as $$ select i.* from public.invoices as i where i.team_id = team and private.is_team_member(team) $$;
revoke execute on function public.team_invoices(uuid) from public, anon;
grant execute on function public.team_invoices(uuid) to authenticated;
