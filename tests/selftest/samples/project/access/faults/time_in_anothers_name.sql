-- whose time it is can be changed, and WITH CHECK has forgotten the user
-- told: A1: authenticated could change own rows of public.time_entries; now it changes own rows with user_id, by policy "Members correct their own time"
-- line: 4
alter policy "Members correct their own time" on public.time_entries
using (user_id = (select auth.uid()))
with check (private.is_project_member(project_id));
grant update (user_id) on table public.time_entries to authenticated;
