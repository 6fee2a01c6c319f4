-- = with a sub-select of several rows: fails with 21000, for members of two teams alone
-- told: A2: select on public.invoices by authenticated ends with 21000
drop policy "Members read invoices" on public.invoices;
create policy "Members read invoices" on public.invoices
for select to authenticated
using (team_id = (select m.team_id from public.team_members as m where m.user_id = (select auth.uid())));
