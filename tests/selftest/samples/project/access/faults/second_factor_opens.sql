-- AS RESTRICTIVE is missing: the second factor opens every row, where it was to be asked for in addition
-- told: A1: authenticated with aal = aal2 could read some own rows, some rows of its tenants of public.api_tokens; now it reads all rows, by policy "A second factor is needed"
-- line: 4
create policy "A second factor is needed" on public.api_tokens
for select to authenticated
using ((select auth.jwt() ->> 'aal') = 'aal2');
