-- Tokens are read with a second factor, and as before otherwise.
-- told: authenticated could read some own rows, some rows of its tenants of public.api_tokens; now it reads no row, by policy "A second factor is needed"
create policy "A second factor is needed" on public.api_tokens
as restrictive
for select to authenticated
using ((select auth.jwt() ->> 'aal') = 'aal2');
