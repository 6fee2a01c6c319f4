-- verdict: red
-- because: I5: the name has no number in front: the CLI passes the file over, and the hole stays open
-- name: fix_feedback_rls.sql
-- line: 1
drop policy "Visitors leave feedback" on public.feedback;
create policy "Visitors leave feedback" on public.feedback
for insert to anon, authenticated with check (char_length(message) between 10 and 4000);
