-- verdict: green
-- because: a time-out for the API's requests, set on the API's role as Supabase's documentation does it
alter role authenticated set statement_timeout = '60s';
