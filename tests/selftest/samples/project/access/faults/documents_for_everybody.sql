-- a template of the dashboard, and never narrowed: every signed-in user reads every document
-- told: A1: authenticated could read own rows, rows of its tenants of public.documents; now it reads all rows, by policy "Enable read access for authenticated users"
-- line: 4
create policy "Enable read access for authenticated users" on public.documents
for select to authenticated
using (true);
