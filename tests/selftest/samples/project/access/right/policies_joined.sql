-- Three policies that ask the same become one FOR ALL: what is granted decides what is left of it.
drop policy "Members read the labels of their projects" on public.project_labels;
drop policy "Members remove labels from their projects" on public.project_labels;
create policy "Members see and remove labels" on public.project_labels
for select to authenticated using (private.is_project_member(project_id));
create policy "Members take labels off" on public.project_labels
for delete to authenticated using (private.is_project_member(project_id));
