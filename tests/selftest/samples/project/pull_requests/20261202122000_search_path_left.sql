-- verdict: red
-- because: I11: the session's search_path stays changed for the files that come after it in the same push
-- line: 4
set search_path = private, public;
create function private.days_left(ends date)
returns integer
language sql
stable
set search_path = ''
as $$
    select ends - current_date
$$;
revoke execute on function private.days_left(date) from public;
