-- a condition was switched off for a demonstration
-- told: A1: authenticated could read own rows, rows of its tenants of public.projects; now it reads all rows, by policy "Active projects"
-- told: A1: authenticated could read own rows, rows of its tenants of public.project_overview; now it reads own rows, rows of its tenants, some another's rows, some nobody's rows, by policy "Active projects" of public.projects
-- line: 5
create policy "Active projects" on public.projects
for select to authenticated
using (status = 'active' or true);
