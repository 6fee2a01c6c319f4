-- no token has such a claim: nobody reads a document any more
-- told: A1: authenticated could execute public.search_documents(text,uuid,integer) (as its caller, returns own rows, rows of its tenants); now it can execute it (as its caller), by policy "Only verified users" of public.documents
-- told: A1: authenticated could read own rows, rows of its tenants of public.documents; now it reads no row, by policy "Only verified users"
-- told: A1: authenticated could read own rows, rows of its tenants of public.project_overview; now it reads some own rows, some rows of its tenants, by policy "Only verified users" of public.documents
-- line: 6
create policy "Only verified users" on public.documents
as restrictive
for select to authenticated
using ((auth.jwt() ->> 'verified')::boolean);
