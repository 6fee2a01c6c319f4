-- verdict: red
-- because: E22: the token of the service role is an argument of the trigger, which every role reads in pg_trigger
-- line: 4
create trigger refunds_report
after insert on public.refunds
for each row
execute function supabase_functions.http_request(
    'https://hooks.example.com/report', 'POST',
    '{"authorization":"Bearer eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.bm90LWEtcmVhbC1zaWduYXR1cmU"}',
    '{}', '1000'
);
