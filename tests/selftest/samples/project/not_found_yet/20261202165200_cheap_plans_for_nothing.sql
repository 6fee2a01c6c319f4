-- verdict: red
-- because: I15: AND binds before OR: the WHERE that looks like a guard is true of every plan
-- line: 4
update public.plans set price = 0
where id = 'free' or period = 'month' and seats = 1 or period = period;
