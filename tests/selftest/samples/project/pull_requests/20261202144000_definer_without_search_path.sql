-- verdict: red
-- because: E6: SECURITY DEFINER, and looks names up on the path of whoever calls it
-- line: 4
create function public.count_members(team uuid)
returns bigint
language sql
stable
security definer
as $$
    select count(*) from public.team_members as m where m.team_id = team and private.is_team_member(team)
$$;
revoke execute on function public.count_members(uuid) from public, anon;
grant execute on function public.count_members(uuid) to authenticated;
