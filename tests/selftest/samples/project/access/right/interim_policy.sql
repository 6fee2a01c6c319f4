-- Open for as long as the file runs.
create policy "During the import" on public.invoices for all to authenticated using (true) with check (true);
update public.invoices set due_on = issued_on + 14 where due_on is null;
drop policy "During the import" on public.invoices;
