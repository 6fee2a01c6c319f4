-- UPDATE on a sequence is setval: whoever calls it makes every INSERT fail
-- told: A1: authenticated was refused NEXTVAL on public.orders_id_seq; now it calls nextval, by GRANT
-- told: A1: authenticated was refused SETVAL on public.orders_id_seq; now it calls setval, by GRANT
-- line: 5
grant usage, update on sequence public.orders_id_seq to authenticated;
