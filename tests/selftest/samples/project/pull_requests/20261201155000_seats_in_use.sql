-- verdict: green
-- because: SECURITY DEFINER in an exposed schema: it asks who calls, its path is pinned, and PUBLIC may not
create function public.seats_in_use(team uuid)
returns integer
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
    if not private.is_team_member(team) then
        raise exception 'Not a member.' using errcode = '42501';
    end if;
    return (select count(*) from public.team_members as m where m.team_id = team);
end;
$$;

revoke execute on function public.seats_in_use(uuid) from public, anon;
grant execute on function public.seats_in_use(uuid) to authenticated, service_role;
