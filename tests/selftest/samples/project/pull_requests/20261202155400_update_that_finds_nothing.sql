-- verdict: red
-- because: E13: no policy for UPDATE lets a row be found: WITH CHECK alone changes no row, without an error
-- line: 5
grant update (due_on) on table public.invoices to authenticated;
create policy "Admins move due dates" on public.invoices
for update to authenticated
with check (private.has_team_role(team_id, '{owner,admin}'));
