-- AND before OR: what is paid, everybody reads
-- told: A1: authenticated could read own rows, rows of its tenants of public.orders; now it reads own rows where status is paid or placed, rows of its tenants where status is paid or placed, another's rows where status is paid, nobody's rows where status is paid, by policy "Members read orders"
-- line: 4
alter policy "Members read orders" on public.orders
using (private.is_team_member(team_id) and status = 'placed' or status = 'paid');
