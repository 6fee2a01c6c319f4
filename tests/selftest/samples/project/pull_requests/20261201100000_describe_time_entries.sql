-- verdict: green
-- because: a comment alone
comment on table public.time_entries is 'Who worked how long on what; entered by hand.';
