-- the trigger's function assigns a column that refunds has not: it fails at the first row (42703)
-- told: A2: insert on public.refunds by service_role, update on public.refunds by service_role ends with 42703: record "new" has no field "updated_at"
-- line: 4
create function private.touch_refund()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    new.updated_at := now();
    return new;
end;
$$;
revoke execute on function private.touch_refund() from public;
create trigger refunds_touch
before insert or update on public.refunds
for each row execute function private.touch_refund();
