-- verdict: red
-- because: I1: does not parse: TO stands before FOR (42601)
-- line: 5
create policy "Admins see refunds" on public.refunds
to authenticated for select
using (private.can_read_order(order_id));
