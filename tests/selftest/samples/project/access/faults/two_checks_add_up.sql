-- two INSERT policies: the one knows the team, the other the status, and either is enough
-- told: A1: authenticated could insert own rows where status is draft into public.orders; now it inserts own rows where status is draft or paid, own rows in what is another's where status is paid, by policy "Imported orders are paid"
-- line: 4
create policy "Imported orders are paid" on public.orders
for insert to authenticated
with check (status = 'paid' and created_by = (select auth.uid()));
