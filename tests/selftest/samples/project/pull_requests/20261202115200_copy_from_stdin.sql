-- verdict: red
-- because: I1: COPY FROM STDIN needs psql to pass on the rows
-- line: 4
copy public.plans (id, name, period, price, seats) from stdin;
trial	Trial	month	0	3
\.
