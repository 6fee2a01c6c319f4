-- a definer function that returns whichever row is asked for
-- told: A1: function public.get_invoice(bigint) is new: authenticated: execute as its owner, returns own rows, rows of its tenants, another's rows
-- line: 4
create function public.get_invoice(invoice_id bigint)
returns setof public.invoices
language sql
stable
security definer
set search_path = ''
as $$ select i.* from public.invoices as i where i.id = invoice_id $$;
revoke execute on function public.get_invoice(bigint) from public, anon;
grant execute on function public.get_invoice(bigint) to authenticated;
