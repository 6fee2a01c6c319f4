-- (select auth.uid()) is computed once for a query, auth.uid() once for each row.
alter policy "Users can read their own profile" on public.profiles using ((select auth.uid()) = id);
alter policy "Users can update their own profile" on public.profiles
using ((select auth.uid()) = id) with check ((select auth.uid()) = id);

alter policy "Members can create projects" on public.projects
with check (private.is_team_member(team_id) and created_by = (select auth.uid()));

alter policy "Members can write documents" on public.documents
with check (private.is_project_member(project_id) and author_id = (select auth.uid()));

alter policy "Members can comment" on public.comments
with check (private.can_read_document(document_id) and author_id = (select auth.uid()));
