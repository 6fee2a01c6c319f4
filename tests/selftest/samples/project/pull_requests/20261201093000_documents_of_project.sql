-- verdict: green
-- because: a function with the rights of its caller, its search_path pinned, granted by name
create function public.documents_of_project(project uuid)
returns setof public.documents
language sql
stable
security invoker
set search_path = ''
as $$
    select d.* from public.documents as d where d.project_id = project order by d.title
$$;

revoke execute on function public.documents_of_project(uuid) from public, anon;
grant execute on function public.documents_of_project(uuid) to authenticated, service_role;
