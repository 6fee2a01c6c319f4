-- Another spelling of the same policy: whose rows are seen stays as it is.
drop policy "Members read invoices" on public.invoices;
create policy "Members can read the invoices of their teams" on public.invoices
for select to authenticated
using (private.is_team_member(team_id));
