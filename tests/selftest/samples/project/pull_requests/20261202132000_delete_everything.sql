-- verdict: red
-- because: none yet: DELETE without WHERE
-- line: 4
delete from public.notifications;
