-- verdict: green
-- because: CREATE POLICY IF NOT EXISTS, DROP TABLE and COMMIT stand in comments, strings and dollar quotes alone
/* Down: drop table public.activity_log; commit; -- and CREATE POLICY IF NOT EXISTS, which there is not */
comment on table public.activity_log_rest is 'What fits no year; DROP TABLE it never; DELETE FROM it by hand.';

create function private.drop_activity_of(year integer)
returns void
language plpgsql
set search_path = ''
as $body$
begin
    -- set role postgres; commit;
    execute format($sql$drop table if exists public.activity_log_%s$sql$, year);
end;
$body$;

revoke execute on function private.drop_activity_of(integer) from public;
