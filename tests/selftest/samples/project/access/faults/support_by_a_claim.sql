-- whoever is of the support reads every order, of every team, where one team's alone was meant
-- told: A1: authenticated with app_metadata.role = support could read own rows, rows of its tenants of public.orders; now it reads all rows, by policy "Support reads orders"
-- line: 4
create policy "Support reads orders" on public.orders
for select to authenticated
using ((auth.jwt() -> 'app_metadata' ->> 'role') = 'support' or private.is_team_member(team_id));
