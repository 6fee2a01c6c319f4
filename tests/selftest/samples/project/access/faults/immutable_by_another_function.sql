-- nothing in its own body asks who is there
-- told: E29: public.may_edit(uuid) is IMMUTABLE, and reads auth.uid() by a function that it calls: what it returned for one user
-- line: 4
create function public.may_edit(team uuid)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
    return private.has_team_role(team, '{owner,admin}');
end;
$$;
revoke execute on function public.may_edit(uuid) from public, anon;
grant execute on function public.may_edit(uuid) to authenticated;
