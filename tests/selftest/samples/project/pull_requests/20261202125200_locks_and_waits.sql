-- verdict: red
-- because: I8: holds the strongest lock on orders for as long as a count of everything takes
-- line: 5
begin;
lock table public.orders in access exclusive mode;
do $$
begin
    if (select count(*) from public.orders as o where o.created_by is null) > 1000000 then
        raise exception 'Too many orders of nobody.';
    end if;
end;
$$;
commit;
