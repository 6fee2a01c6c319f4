-- a materialized view knows no row-level security
-- told: A1: materialized view public.customer_ranking is new: anon: select all rows (team_id, name, orders); authenticated: select all rows (team_id, name, orders)
-- line: 4
create materialized view public.customer_ranking as
select c.team_id, c.name, count(o.id) as orders
from public.customers as c
left join public.orders as o on c.id = o.customer_id
group by c.id;
grant select on table public.customer_ranking to anon, authenticated;
