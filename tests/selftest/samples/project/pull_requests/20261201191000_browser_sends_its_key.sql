-- verdict: green
-- because: the publishable key, and a token of anon, are what every browser sends: they are no secret
create function private.ping()
returns void
language plpgsql
set search_path = ''
as $$
begin
    perform net.http_get(
        url := 'https://api.example.com/rest/v1/plans',
        headers := jsonb_build_object(
            'apikey', 'sb_publishable_0123456789abcdefghijkl',
            'authorization', 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.bm90LWEtcmVhbC1zaWduYXR1cmU'
        )
    );
end;
$$;
revoke execute on function private.ping() from public;
