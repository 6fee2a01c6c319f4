-- aggregated, and still each team's turnover for everybody
-- told: A1: view public.turnover is new: authenticated: select all rows (team_id, orders, total)
-- line: 4
create view public.turnover as
select o.team_id, count(*) as orders, sum(l.line_total) as total
from public.orders as o
inner join public.order_lines as l on o.id = l.order_id
group by o.team_id;
grant select on table public.turnover to authenticated;
