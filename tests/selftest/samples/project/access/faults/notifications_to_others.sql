-- no WITH CHECK on the user, and every column: a notification of one's own is sent to anybody
-- told: A1: authenticated could change own rows of public.notifications; now it changes own rows with user_id, kind, payload, created_at, by policy "Users mark their notifications as read"
-- line: 5
drop policy "Users mark their notifications as read" on public.notifications;
create policy "Users mark their notifications as read" on public.notifications
for update to authenticated
using (user_id = (select auth.uid()))
with check (true);
grant update on table public.notifications to authenticated;
