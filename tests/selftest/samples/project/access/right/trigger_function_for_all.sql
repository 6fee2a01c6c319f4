-- PUBLIC may execute it, and nobody can call what returns trigger.
create function public.set_placed_at()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if new.status = 'placed' and new.placed_at is null then
        new.placed_at := now();
    end if;
    return new;
end;
$$;
create trigger orders_set_placed_at
before update on public.orders
for each row execute function public.set_placed_at();
