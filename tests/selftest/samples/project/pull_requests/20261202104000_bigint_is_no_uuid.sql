-- verdict: red
-- because: I1: operator does not exist: bigint = uuid (42883)
-- line: 4
create policy "Users read their own orders" on public.orders
for select to authenticated using (id = (select auth.uid()));
