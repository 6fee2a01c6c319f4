-- the body of a function is text: nothing notices that it calls what was dropped
-- told: A2: select on public.order_lines by authenticated, select on public.refunds by authenticated ends with 42883: function private.is_member_of_team(uuid) does not exist
-- line: 4
create or replace function private.can_read_order(order_number bigint)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
    return exists (
        select from public.orders as o where o.id = order_number and private.is_member_of_team(o.team_id)
    );
end;
$$;
