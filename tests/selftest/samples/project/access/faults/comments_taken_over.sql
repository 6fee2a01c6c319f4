-- USING lets through each comment that can be read, and the author can be set: others' comments become one's own
-- told: A1: authenticated could change own rows of public.comments; now it changes own rows, rows of its tenants with author_id = its own, by policy "Authors can edit their comments"
-- line: 4
alter policy "Authors can edit their comments" on public.comments
using (private.can_read_document(document_id))
with check (author_id = (select auth.uid()));
grant update (author_id) on table public.comments to authenticated;
