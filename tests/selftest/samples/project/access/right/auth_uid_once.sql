-- (select auth.uid()) in place of auth.uid(): computed once, and the same rows.
alter policy "Authors can edit their comments" on public.comments
using (author_id = (select auth.uid()) and private.can_read_document(document_id))
with check (author_id = (select auth.uid()) and private.can_read_document(document_id));
