-- verdict: red
-- because: I1: the seed breaks the check of an earlier file: a period is month or year (23514)
-- line: 4
insert into public.plans (id, name, period, price, seats)
values ('team-weekly', 'Team', 'week', 9, 5);
