-- authenticated holds SELECT on the whole table, and goes on reading e-mail addresses
-- told: E30: public.customers has a column that was taken from authenticated, which holds SELECT on the whole table
-- line: 4
revoke select (email, phone) on table public.customers from authenticated;
