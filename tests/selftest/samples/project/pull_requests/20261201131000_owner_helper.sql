-- verdict: green
-- because: a SECURITY DEFINER helper that a policy calls must be executable by the policy's role
create function private.is_sole_owner(team uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select count(*) = 1 and bool_and(m.user_id = (select auth.uid()))
    from public.team_members as m
    where m.team_id = team and m.role = 'owner'
$$;

revoke execute on function private.is_sole_owner(uuid) from public;
grant execute on function private.is_sole_owner(uuid) to authenticated;

create policy "The last owner stays" on public.team_members
as restrictive
for delete to authenticated
using (role <> 'owner' or not private.is_sole_owner(team_id));
