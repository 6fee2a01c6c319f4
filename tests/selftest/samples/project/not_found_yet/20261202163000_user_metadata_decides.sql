-- verdict: red
-- because: none yet: user_metadata is the user's own to write: whoever calls himself an administrator is one
-- line: 4
create policy "Support reads documents" on public.documents
for select to authenticated
using ((auth.jwt() -> 'user_metadata' ->> 'role') = 'support');
