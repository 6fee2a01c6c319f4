-- WITH CHECK lost its list of statuses: the client says that it has paid
-- told: A1: authenticated could change own rows, rows of its tenants where status is draft of public.orders; now it changes own rows, rows of its tenants where status is draft with status = any value, by policy "Members edit drafts, and place them"
-- line: 4
alter policy "Members edit drafts, and place them" on public.orders
using (private.is_team_member(team_id) and status = 'draft')
with check (private.is_team_member(team_id));
