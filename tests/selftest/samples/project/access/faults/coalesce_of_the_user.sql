-- without a user, each row is compared with itself
-- told: A1: anon was refused SELECT on public.time_entries; now it reads all rows (id, project_id, user_id, worked_on, minutes, note, created_at), by policy "Users read their time"
-- line: 4
create policy "Users read their time" on public.time_entries
for select to public
using (user_id = coalesce((select auth.uid()), user_id));
grant select on table public.time_entries to anon;
