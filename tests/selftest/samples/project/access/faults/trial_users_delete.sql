-- the condition of the team is missing: who is signed in anonymously deletes everybody's customers
-- told: A1: authenticated with is_anonymous = true could delete own rows, rows of its tenants of public.customers; now it deletes all rows, by policy "Trials are cleaned up by their users"
-- line: 4
create policy "Trials are cleaned up by their users" on public.customers
for delete to authenticated
using ((select (auth.jwt() ->> 'is_anonymous')::boolean));
