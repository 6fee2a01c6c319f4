-- verdict: red
-- because: I5: a byte order mark stands before the first word, which PostgreSQL takes for a part of it (42601)
-- line: 1
comment on table public.refunds is 'What was paid back.';
