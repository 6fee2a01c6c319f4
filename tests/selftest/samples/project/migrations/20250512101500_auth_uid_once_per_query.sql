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

alter policy "Authors can edit their comments" on public.comments
using (author_id = (select auth.uid()) and private.can_read_document(document_id))
with check (author_id = (select auth.uid()) and private.can_read_document(document_id));
alter policy "Authors can delete their comments" on public.comments
using (author_id = (select auth.uid()) and private.can_read_document(document_id));

alter policy "Authors can delete their documents" on public.documents
using (author_id = (select auth.uid()) and private.is_project_member(project_id));

alter policy "Members can leave, admins can remove them" on public.team_members
using (user_id = (select auth.uid()) or (role <> 'owner' and private.has_team_role(team_id, '{owner,admin}')));

alter policy "Members draft orders" on public.orders
with check (private.is_team_member(team_id) and status = 'draft' and created_by = (select auth.uid()));
