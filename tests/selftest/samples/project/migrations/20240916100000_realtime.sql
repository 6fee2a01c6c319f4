alter publication supabase_realtime add table public.comments;
alter publication supabase_realtime add table public.projects;

-- Topics are team:<uuid>; of any other shape, they are nobody's.
create function private.is_member_of_topic(topic text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select case
        when topic ~ '^team:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
            then private.is_team_member(substr(topic, 6)::uuid)
        else false
    end
$$;

revoke execute on function private.is_member_of_topic(text) from public;
grant execute on function private.is_member_of_topic(text) to authenticated;

create policy "Members receive what is sent to their team" on realtime.messages
for select to authenticated
using (extension in ('broadcast', 'presence') and private.is_member_of_topic((select realtime.topic())));

create policy "Members send to their team" on realtime.messages
for insert to authenticated
with check (extension in ('broadcast', 'presence') and private.is_member_of_topic((select realtime.topic())));
