-- verdict: red
-- because: E1, E4: the partition has no row-level security of its own: who asks for it by name reads every team's
-- line: 4
create table public.activity_log_2027 partition of public.activity_log
for values from ('2027-01-01 00:00+00') to ('2028-01-01 00:00+00');
grant select on table public.activity_log_2027 to authenticated;
