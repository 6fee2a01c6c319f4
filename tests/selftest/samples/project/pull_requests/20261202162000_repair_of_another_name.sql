-- verdict: red
-- because: I16: no policy has this name: IF EXISTS passes it over, and what was to be closed stays open
-- line: 4
drop policy if exists "Visitors can leave feedback" on public.feedback;
create policy "Signed-in users leave feedback" on public.feedback
for insert to authenticated with check (char_length(message) between 1 and 4000);
revoke insert on table public.feedback from authenticated;
grant insert (message, rating, page) on table public.feedback to authenticated;
