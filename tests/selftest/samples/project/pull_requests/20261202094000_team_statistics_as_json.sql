-- verdict: red
-- because: I1: CREATE OR REPLACE cannot change what the function returns (42P13)
-- line: 4
create or replace function public.team_statistics(team uuid)
returns json
language sql
stable
set search_path = ''
as $$
    select json_build_object('members', count(*)) from public.team_members as m where m.team_id = team
$$;
