-- verdict: green
-- because: from varchar(32) to text: another type, and the rows stay as they are stored
alter table public.customers alter column phone type text;
