-- the client says what is read, with the rights of the owner
-- told: A1: function public.report(text) is new: authenticated: execute as its owner, runs SQL that its arguments are part of
-- line: 4
create function public.report(condition text)
returns setof jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
    return query execute 'select to_jsonb(t) from public.invoices as t where ' || condition;
end;
$$;
revoke execute on function public.report(text) from public, anon;
grant execute on function public.report(text) to authenticated;
