-- A helper that returns the user's teams, in place of one that is asked row by row.
create function private.my_team_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$ select m.team_id from public.team_members as m where m.user_id = (select auth.uid()) $$;
revoke execute on function private.my_team_ids() from public;
grant execute on function private.my_team_ids() to authenticated;
alter policy "Members read invoices" on public.invoices
using (team_id in (select private.my_team_ids()));
alter policy "Members see their subscription" on public.subscriptions
using (team_id = any (array(select private.my_team_ids())));
