create function private.shares_team_with(other uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select from public.team_members as mine
        inner join public.team_members as theirs on mine.team_id = theirs.team_id
        where mine.user_id = (select auth.uid()) and theirs.user_id = other
    )
$$;

revoke execute on function private.shares_team_with(uuid) from public;
grant execute on function private.shares_team_with(uuid) to authenticated, service_role;

drop policy "Users can read their own profile" on public.profiles;
create policy "Users can read their profile and their teammates'" on public.profiles
for select to authenticated using ((select auth.uid()) = id or private.shares_team_with(id));
