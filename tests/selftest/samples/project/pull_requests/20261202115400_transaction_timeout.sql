-- verdict: red
-- because: I1: transaction_timeout is known from PostgreSQL 17 on; before, the file ends here
-- line: 4
set local transaction_timeout = '30s';
alter table public.customers add column website text;
