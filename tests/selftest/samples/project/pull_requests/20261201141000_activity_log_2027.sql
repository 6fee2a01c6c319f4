-- verdict: green
-- because: a partition, with row-level security of its own and no policy: the API reads the table it is a part of
create table public.activity_log_2027 partition of public.activity_log
for values from ('2027-01-01 00:00+00') to ('2028-01-01 00:00+00');
alter table public.activity_log_2027 enable row level security;
