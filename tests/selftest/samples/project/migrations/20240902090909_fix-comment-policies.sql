-- Repairs 20240402101500: a comment is its author's to edit, and to delete while he may read the document.
drop policy "Enable update for users" on public.comments;
drop policy "Enable delete for users" on public.comments;

create policy "Authors can edit their comments" on public.comments
for update to authenticated
using (author_id = auth.uid() and private.can_read_document(document_id))
with check (author_id = auth.uid() and private.can_read_document(document_id));

create policy "Authors can delete their comments" on public.comments
for delete to authenticated
using (author_id = auth.uid() and private.can_read_document(document_id));
