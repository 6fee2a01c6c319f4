-- All teams that the sub-select returns: row-level security of team_members leaves one's own.
alter policy "Members read orders" on public.orders
using (team_id in (select m.team_id from public.team_members as m where m.user_id = (select auth.uid())));
