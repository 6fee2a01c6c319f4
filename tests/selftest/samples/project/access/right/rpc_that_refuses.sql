-- It raises where the caller may not: a refusal, and no error.
-- told: function public.team_turnover(uuid) is new: authenticated: execute as its owner
create function public.team_turnover(team uuid)
returns numeric
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
    if not private.is_team_member(team) then
        raise exception 'You are not in this team.';
    end if;
    return (select coalesce(sum(i.net), 0) from public.invoices as i where i.team_id = team);
end;
$$;
revoke execute on function public.team_turnover(uuid) from public, anon;
grant execute on function public.team_turnover(uuid) to authenticated;
