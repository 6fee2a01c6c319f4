-- verdict: green
-- because: VALIDATE reads the table through, under a lock that keeps nobody from reading or writing
alter table public.customers validate constraint customers_email_has_an_at;
