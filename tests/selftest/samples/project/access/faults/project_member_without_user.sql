-- rewritten with a join, and the line with the user was lost
-- told: A1: authenticated could execute public.match_documents(extensions.vector,integer) (as its caller, returns own rows, rows of its tenants); now it can execute it (as its caller, returns own rows, rows of its tenants, another's rows), by function private.is_project_member(uuid)
-- told: A1: authenticated could insert own rows into public.comments; now it inserts own rows, own rows in what is another's, by function private.is_project_member(uuid)
-- told: A1: authenticated could read own rows, rows of its tenants of public.comments; now it reads all rows, by function private.is_project_member(uuid)
-- line: 6
create or replace function private.is_project_member(project uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select from public.projects as p
        inner join public.team_members as m on p.team_id = m.team_id
        where p.id = project
    )
$$;
