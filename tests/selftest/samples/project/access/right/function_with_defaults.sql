-- With the rights of the caller, and volatile by default.
-- told: function public.open_orders(uuid) is new: authenticated: execute as its caller, returns own rows, rows of its tenants
create function public.open_orders(team uuid default null)
returns setof public.orders
language sql
set search_path = ''
as $$ select o.* from public.orders as o where o.status <> 'cancelled' and (team is null or o.team_id = team) $$;
revoke execute on function public.open_orders(uuid) from public, anon;
grant execute on function public.open_orders(uuid) to authenticated;
