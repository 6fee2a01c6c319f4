-- verdict: red
-- because: I15: UPDATE without WHERE overwrites what was chosen by everybody
-- line: 4
update public.profiles set locale = 'en';
