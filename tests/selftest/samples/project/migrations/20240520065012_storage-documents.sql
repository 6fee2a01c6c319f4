insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('documents', 'documents', false, 52428800, array['application/pdf', 'image/png', 'image/jpeg'])
on conflict (id) do nothing;

-- documents/<project>/<file>. A name that begins with no UUID is in no project.
create function private.project_of_object(object_name text)
returns uuid
language sql
immutable
set search_path = ''
as $$
    select case
        when object_name ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/' then left(object_name, 36)::uuid
    end
$$;

revoke execute on function private.project_of_object(text) from public;
grant execute on function private.project_of_object(text) to authenticated, service_role;

create policy "Members read files of their projects" on storage.objects
for select to authenticated
using (bucket_id = 'documents' and private.is_project_member(private.project_of_object(name)));

create policy "Members upload files to their projects" on storage.objects
for insert to authenticated
with check (bucket_id = 'documents' and private.is_project_member(private.project_of_object(name)));

create policy "Members delete files of their projects" on storage.objects
for delete to authenticated
using (bucket_id = 'documents' and private.is_project_member(private.project_of_object(name)));
