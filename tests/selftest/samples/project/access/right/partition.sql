-- Its rows are read through activity_log; by itself it is closed.
-- told: table public.activity_log_2027 is new: nobody can use it
create table public.activity_log_2027 partition of public.activity_log
for values from ('2027-01-01 00:00+00') to ('2028-01-01 00:00+00');
alter table public.activity_log_2027 enable row level security;
