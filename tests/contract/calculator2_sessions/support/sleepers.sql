INSERT INTO public.calculator2_sessions (session_token, created_at, last_active_at, expires_at, payment_status)
SELECT md5(n::text), now() - n * interval '1 second', now() - n * interval '1 second',
       now() - n * interval '1 second' + interval '27 hours',
       CASE WHEN n % 4 = 0 THEN 'completed' ELSE 'pending' END
FROM generate_series(1, 100000) AS n
