-- verdict: red
-- because: E7: SECURITY DEFINER, executable by PUBLIC, as functions are unless that is revoked: anon marks orders paid
-- line: 4
create function public.mark_order_paid(order_number bigint)
returns void
language sql
security definer
set search_path = ''
as $$
    update public.orders set status = 'paid' where id = order_number
$$;
