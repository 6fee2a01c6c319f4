-- AS RESTRICTIVE, and all that could be read can be read still.
create policy "Only signed-in users" on public.invoices
as restrictive
for select to authenticated
using ((select auth.uid()) is not null);
