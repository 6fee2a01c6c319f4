-- verdict: red
-- because: E16: a materialized view knows no row-level security, and this one is where the API looks
-- line: 8
create materialized view public.yearly_revenue as
select i.team_id, extract(year from i.issued_on) as year, sum(i.net) as net
from public.invoices as i
group by i.team_id, extract(year from i.issued_on);
grant select on table public.yearly_revenue to authenticated;
