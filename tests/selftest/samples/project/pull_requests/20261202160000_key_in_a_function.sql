-- verdict: red
-- because: E22: a secret in the body of a function, which every role reads in pg_proc
-- line: 4
create function private.call_billing()
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
    perform net.http_post(
        url := 'https://billing.example.com/run',
        headers := '{"authorization": "Bearer sb_secret_not-a-real-key-0123"}'::jsonb,
        body := '{}'::jsonb
    );
end;
$$;
revoke execute on function private.call_billing() from public;
