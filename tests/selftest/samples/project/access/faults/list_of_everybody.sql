-- no argument at all, and PUBLIC may call it
-- told: A1: function public.list_members() is new: anon: execute as its owner, returns another's rows, nobody's rows; authenticated: execute as its owner, returns own rows, rows of its tenants, another's rows, nobody's rows; service_role: execute as its owner, returns another's rows, nobody's rows; any role (PUBLIC): execute as its owner, returns another's rows, nobody's rows
-- line: 4
create function public.list_members()
returns table (user_id uuid, team_id uuid, display_name text)
language sql
stable
security definer
set search_path = ''
as $$
    select m.user_id, m.team_id, p.display_name
    from public.team_members as m
    inner join public.profiles as p on m.user_id = p.id
$$;
