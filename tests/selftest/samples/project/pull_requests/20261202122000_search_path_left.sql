-- verdict: green
-- because: the search_path stays changed, as after the CLI's own diffs and dumps; it resets all settings before the next file
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
