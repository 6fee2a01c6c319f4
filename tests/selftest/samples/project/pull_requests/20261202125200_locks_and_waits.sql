-- verdict: red
-- because: I8: holds the strongest lock on orders for as long as a look at every order takes
-- line: 6
begin;
lock table public.orders in access exclusive mode;
do $$
begin
    if (select max(length(o.currency)) from public.orders as o) > 3 then
        raise exception 'A currency has three letters.';
    end if;
end;
$$;
commit;
