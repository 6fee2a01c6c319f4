-- meant as "whoever is signed in has an id"; it is the row's id, which is never null
-- told: A1: authenticated could read own rows, rows of its tenants of public.projects; now it reads all rows, by policy "Signed-in users read projects"
-- told: A1: authenticated could read own rows, rows of its tenants of public.project_overview; now it reads own rows, rows of its tenants, some another's rows, some nobody's rows, by policy "Signed-in users read projects" of public.projects
-- line: 5
create policy "Signed-in users read projects" on public.projects
for select to authenticated
using (id is not null);
