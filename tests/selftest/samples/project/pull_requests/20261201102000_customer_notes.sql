-- verdict: green
-- because: a nullable column without a default rewrites nothing, and its privileges are given by column
alter table public.customers add column notes text;
grant insert (notes), update (notes) on table public.customers to authenticated;
