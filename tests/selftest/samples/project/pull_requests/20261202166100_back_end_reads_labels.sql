-- verdict: red
-- because: E2: named for the service role, but TO nobody in particular: every visitor reads every label
-- line: 5
grant select on table public.labels to anon;
create policy "Service role reads all labels" on public.labels for select using (true);
