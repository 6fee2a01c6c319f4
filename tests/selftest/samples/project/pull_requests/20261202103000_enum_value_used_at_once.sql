-- verdict: red
-- because: I1: the new value is used in the transaction that adds it (55P04)
-- line: 5
alter type public.project_status add value 'cancelled';
update public.projects set status = 'cancelled' where status = 'paused' and ends_on < date '2025-01-01';
