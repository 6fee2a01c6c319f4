-- meant as "anon may not": it holds for everybody, since TO is missing
-- told: A1: authenticated could delete own rows, rows of its tenants of public.customers; now it deletes no row, by policy "No access without signing in"
-- told: A1: authenticated could insert own rows, rows of its tenants into public.customers; now it inserts no row, by policy "No access without signing in"
-- told: A1: authenticated could read own rows, rows of its tenants of public.customers; now it reads no row, by policy "No access without signing in"
-- line: 6
create policy "No access without signing in" on public.customers
as restrictive
for all
using (false);
