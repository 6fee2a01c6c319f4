-- the policies follow the new name, the bodies of functions do not
-- told: A1: authenticated could read own rows, rows of its tenants of public.projects; now it reads own rows, rows of its tenants with workspace_id without team_id, by RENAME of a column to workspace_id (20261203000000_tenant_column_renamed.sql:5)
-- told: A2: delete on public.comments by authenticated, delete on public.documents by authenticated, delete on public.project_labels by authenticated and 21 more ends with 42703: column p.team_id does not exist
-- told: A2: insert on public.projects by authenticated, insert on public.projects by service_role, update on public.projects by authenticated and 1 more ends with 42703: record "new" has no field "team_id"
alter table public.projects rename column team_id to workspace_id;
