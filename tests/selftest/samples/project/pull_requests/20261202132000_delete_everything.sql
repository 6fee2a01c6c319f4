-- verdict: red
-- because: I15: DELETE without WHERE
-- line: 4
delete from public.notifications;
