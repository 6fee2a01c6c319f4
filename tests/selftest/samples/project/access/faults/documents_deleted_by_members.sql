-- the author was taken out of the condition
-- told: A1: authenticated could delete own rows of public.documents; now it deletes own rows, rows of its tenants, by policy "Authors can delete their documents"
-- line: 4
alter policy "Authors can delete their documents" on public.documents
using (private.is_project_member(project_id));
