-- verdict: green
-- because: a policy dropped together with the privilege that it was for: closed on purpose, not by mistake
drop policy "Owners can delete their teams" on public.teams;
revoke delete on table public.teams from authenticated;
