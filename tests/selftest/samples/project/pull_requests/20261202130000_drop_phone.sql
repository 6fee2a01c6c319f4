-- verdict: red
-- because: I15: a column is dropped with what stands in it, and nothing says that this is meant
-- line: 4
alter table public.customers drop column phone;
