-- what the plan costs us, in the table that the website reads
-- told: A1: anon and authenticated could read all rows of public.plans; now they read all rows with purchase_price, by column purchase_price
-- line: 4
alter table public.plans add column purchase_price numeric(8, 2) not null default 0;
