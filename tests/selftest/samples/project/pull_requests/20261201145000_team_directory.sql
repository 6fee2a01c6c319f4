-- verdict: green
-- because: anon reads every row, and of it the two columns that are granted
create policy "Team names are public" on public.teams for select to anon using (true);
grant select (name, slug) on table public.teams to anon;
