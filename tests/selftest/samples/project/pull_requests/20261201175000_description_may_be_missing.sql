-- verdict: green
-- because: less is asked of a column than before: no row can break it, and none is read
alter table public.order_lines alter column description drop not null;
