-- With the rights of the caller: row-level security picks the rows.
create function public.search_documents(query text, team uuid default null, most integer default 20)
returns table (id uuid, project_id uuid, title text, rank real)
language sql
stable
security invoker
set search_path = ''
as $$
    select d.id, d.project_id, d.title, ts_rank(d.search, websearch_to_tsquery('english', query))
    from public.documents as d
    inner join public.projects as p on d.project_id = p.id
    where
        (team is null or p.team_id = team)
        and (
            d.search @@ websearch_to_tsquery('english', query)
            or d.title operator(extensions.%) query
        )
    order by 4 desc, d.title
    limit least(most, 100)
$$;

create function public.team_statistics(team uuid)
returns jsonb
language sql
stable
security invoker
set search_path = ''
as $$
    select jsonb_build_object(
        'members', (select count(*) from public.team_members as m where m.team_id = team),
        'projects', (select count(*) from public.projects as p where p.team_id = team),
        'open_orders', (select count(*) from public.orders as o where o.team_id = team and o.status = 'placed')
    )
$$;

revoke execute on function public.search_documents(text, uuid, integer) from public, anon;
revoke execute on function public.team_statistics(uuid) from public, anon;
grant execute on function public.search_documents(text, uuid, integer) to authenticated, service_role;
grant execute on function public.team_statistics(uuid) to authenticated, service_role;
