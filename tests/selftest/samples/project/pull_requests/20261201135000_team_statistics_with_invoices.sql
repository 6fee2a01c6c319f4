-- verdict: green
-- because: a function replaced with the same arguments and result: its privileges stay
create or replace function public.team_statistics(team uuid)
returns jsonb
language sql
stable
security invoker
set search_path = ''
as $$
    select jsonb_build_object(
        'members', (select count(*) from public.team_members as m where m.team_id = team),
        'projects', (select count(*) from public.projects as p where p.team_id = team),
        'open_orders', (select count(*) from public.orders as o where o.team_id = team and o.status = 'placed'),
        'open_invoices', (select count(*) from public.invoices as i where i.team_id = team and i.paid_at is null)
    )
$$;
