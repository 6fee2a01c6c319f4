-- A materialized view knows no row-level security: it stays where the API does not look.
create materialized view private.monthly_revenue as
select
    i.team_id,
    date_trunc('month', i.issued_on)::date as month,
    sum(i.net) as net,
    sum(i.gross) as gross
from public.invoices as i
group by i.team_id, date_trunc('month', i.issued_on)::date
with no data;

create unique index monthly_revenue_team_id_month_idx on private.monthly_revenue (team_id, month);

refresh materialized view private.monthly_revenue;

create function public.revenue_of_team(team uuid)
returns table (month date, net numeric, gross numeric)
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
    if not private.has_team_role(team, '{owner,admin}') then
        raise exception 'Only an owner or an admin sees the revenue.' using errcode = '42501';
    end if;
    return query
    select r.month, r.net, r.gross from private.monthly_revenue as r where r.team_id = team order by r.month;
end;
$$;

revoke execute on function public.revenue_of_team(uuid) from public, anon;
grant execute on function public.revenue_of_team(uuid) to authenticated;

select cron.schedule(
    'refresh-monthly-revenue', '0 * * * *', $$refresh materialized view concurrently private.monthly_revenue$$
);
