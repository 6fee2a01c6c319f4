-- verdict: red
-- because: E2: whoever has the public key stores an order of any team, as paid
-- line: 5
grant insert (team_id, customer_id, status, currency) on table public.orders to anon;
create policy "Visitors order" on public.orders for insert to anon with check (true);
