-- verdict: red
-- because: E28: EXECUTE is PUBLIC's too, so that anon goes on calling the function
-- line: 10
create function public.count_plans()
returns bigint
language sql
stable
set search_path = ''
as $$ select count(*) from public.plans $$;
revoke execute on function public.count_plans() from anon;
grant execute on function public.count_plans() to authenticated;
