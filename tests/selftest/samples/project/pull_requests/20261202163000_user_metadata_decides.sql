-- verdict: red
-- because: E11: user_metadata is the user's own to write: whoever calls himself an administrator is one
-- line: 4
create policy "Support reads documents" on public.documents
for select to authenticated
using ((select auth.jwt() -> 'user_metadata' ->> 'role') = 'support');
