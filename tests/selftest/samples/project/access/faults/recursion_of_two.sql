-- projects asks documents, and documents asks projects: each read ends with 42P17
-- told: A2: execute on public.project_progress(uuid) by authenticated, execute on public.search_documents(text,uuid,integer) by authenticated, select on public.documents by authenticated ends with 42P17: infinite recursion detected in policy for relation "documents"
-- told: A2: execute on public.team_statistics(uuid) by authenticated, insert on public.project_labels by authenticated, select on public.project_overview by authenticated and 1 more ends with 42P17: infinite recursion detected in policy for relation "projects"
create policy "Authors read projects" on public.projects
for select to authenticated
using (id in (select d.project_id from public.documents as d where d.author_id = (select auth.uid())));
create policy "Creators read documents" on public.documents
for select to authenticated
using (project_id in (select p.id from public.projects as p where p.created_by = (select auth.uid())));
