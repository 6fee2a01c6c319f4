-- INSERT lost the condition on status
-- told: A1: authenticated could insert own rows where status is draft into public.orders; now it inserts own rows, by policy "Members draft orders"
-- line: 4
alter policy "Members draft orders" on public.orders
with check (private.is_team_member(team_id) and created_by = (select auth.uid()));
