-- verdict: green
-- because: app_metadata stands in the token too, and the service role alone writes it
alter policy "Members can read comments" on public.comments
using (private.can_read_document(document_id) or (select auth.jwt() -> 'app_metadata' ->> 'role') = 'support');
