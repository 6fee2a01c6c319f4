-- the second argument is not used any more: each member has each role
-- told: A1: authenticated could read some own rows, some rows of its tenants of public.api_tokens; now it reads own rows, rows of its tenants, by function private.has_team_role(uuid,public.team_role[])
-- told: A1: authenticated could delete some own rows, some rows of its tenants of public.invitations; now it deletes own rows, rows of its tenants, by function private.has_team_role(uuid,public.team_role[])
-- told: A1: authenticated could read some own rows, some rows of its tenants of public.invitations; now it reads own rows, rows of its tenants, by function private.has_team_role(uuid,public.team_role[])
-- line: 6
create or replace function private.has_team_role(team uuid, allowed public.team_role [])
returns boolean
language sql
stable
security definer
set search_path = ''
as $$ select private.is_team_member(team) and cardinality(allowed) > 0 $$;
