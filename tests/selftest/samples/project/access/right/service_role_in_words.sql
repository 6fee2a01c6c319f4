-- TO service_role, which bypasses row-level security: it changes what it could do without that, and nothing else.
-- told: service_role without BYPASSRLS could delete no row of public.invoices; now it deletes all rows, by policy "Service role reads everything"
-- told: service_role without BYPASSRLS could insert no row into public.invoices; now it inserts any row, by policy "Service role reads everything"
-- told: service_role without BYPASSRLS could read no row of public.invoices; now it reads all rows, by policy "Service role reads everything"
-- told: service_role without BYPASSRLS could change no row of public.invoices; now it changes all rows, by policy "Service role reads everything"
create policy "Service role reads everything" on public.invoices for all to service_role using (true) with check (true);
