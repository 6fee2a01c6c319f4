-- no USING of its own, so that it was taken from the SELECT policy
-- told: A1: authenticated was refused DELETE on public.profiles; now it deletes own rows, rows of its tenants, some another's rows, by policy "Delete"
-- line: 4
create policy "Delete" on public.profiles for delete to authenticated
using (id = (select auth.uid()) or private.shares_team_with(id));
grant delete on table public.profiles to authenticated;
