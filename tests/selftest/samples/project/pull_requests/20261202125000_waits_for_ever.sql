-- verdict: red
-- because: I8: without a bound on its wait for the lock, whoever uses orders queues behind it
-- line: 4
set local lock_timeout = 0;
alter table public.orders add column note text;
