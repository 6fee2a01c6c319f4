-- Another body, the same answer: in plpgsql, with a variable.
create or replace function private.is_team_member(team uuid)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
    perform 1 from public.team_members as m where m.team_id = team and m.user_id = auth.uid();
    return found;
end;
$$;
