-- for a test, and then merged
-- told: A1: authenticated could read own rows, rows of its tenants of public.activity_log; now it reads all rows, by function private.is_team_member(uuid)
-- told: A1: authenticated could delete own rows, rows of its tenants of public.customers; now it deletes all rows, by function private.is_team_member(uuid)
-- told: A1: authenticated could insert own rows, rows of its tenants into public.customers; now it inserts any row, by function private.is_team_member(uuid)
-- line: 6
create or replace function private.is_team_member(team uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$ select true $$;
