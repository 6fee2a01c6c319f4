-- verdict: red
-- because: E2: named for the service role, but TO nobody in particular: everybody signed in writes every order
-- line: 4
create policy "Service role can manage all orders" on public.orders
for all using (true) with check (true);
