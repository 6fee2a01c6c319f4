-- plpgsql, and as nearly always without STABLE: another's customer for whoever knows the id
-- told: A1: function public.customer_card(uuid) is new: authenticated: execute as its owner, returns own rows, rows of its tenants, another's rows
-- line: 4
create function public.customer_card(customer_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
begin
    return (select to_jsonb(c) from public.customers as c where c.id = customer_id);
end;
$$;
revoke execute on function public.customer_card(uuid) from public, anon;
grant execute on function public.customer_card(uuid) to authenticated;
