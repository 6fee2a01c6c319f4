-- Less than before, and told as that.
-- told: authenticated could read own rows, rows of its tenants of public.invoices; now it reads some own rows, by policy "Members read invoices"
alter policy "Members read invoices" on public.invoices
using (private.has_team_role(team_id, '{owner}'));
