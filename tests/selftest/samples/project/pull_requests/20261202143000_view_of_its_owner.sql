-- verdict: red
-- because: E8: a view with the rights of its owner shows every team's revenue to everybody who is signed in
-- line: 4
create view public.order_totals as
select o.team_id, l.order_id, sum(l.line_total) as total
from public.orders as o
inner join public.order_lines as l on o.id = l.order_id
group by o.team_id, l.order_id;
grant select on table public.order_totals to authenticated;
