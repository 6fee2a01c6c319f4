-- verdict: red
-- because: I5, I11: the session goes on as service_role: the next file of the push makes its objects as that, or fails
-- line: 4
set role service_role;
update public.plans set description = 'Free for one.' where id = 'free' and description is null;
