-- verdict: green
-- because: a careful file: one transaction of its own, which waits two seconds for its lock at most
begin;
set local lock_timeout = '2s';
alter table public.refunds add column provider_reference text;
commit;
