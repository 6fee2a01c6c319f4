-- FOR ALL becomes four, one for each command.
drop policy "Members manage customers" on public.customers;
create policy "Members read customers" on public.customers
for select to authenticated using (private.is_team_member(team_id));
create policy "Members add customers" on public.customers
for insert to authenticated with check (private.is_team_member(team_id));
create policy "Members change customers" on public.customers
for update to authenticated using (private.is_team_member(team_id));
create policy "Members delete customers" on public.customers
for delete to authenticated using (private.is_team_member(team_id));
