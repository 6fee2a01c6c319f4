-- verdict: green
-- because: USING (true) TO service_role opens nothing: the role decides, and it bypasses row-level security anyway
create policy "Back end manages labels" on public.labels
for all to service_role using (true) with check (true);
