-- verdict: red
-- because: none yet: the trigger's function assigns a column that refunds has not: it fails at the first row (42703)
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
