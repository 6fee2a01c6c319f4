-- verdict: red
-- because: E11: the helper reads raw_user_meta_data, which users write themselves: whoever says so is of support
-- line: 4
create function private.is_support()
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select from auth.users as u where u.id = (select auth.uid()) and u.raw_user_meta_data ->> 'role' = 'support'
    )
$$;
revoke execute on function private.is_support() from public;
grant execute on function private.is_support() to authenticated;
create policy "Support reads invitations" on public.invitations
for select to authenticated using (private.is_support());
