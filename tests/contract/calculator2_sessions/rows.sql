-- Three thousand sessions in every state: of each age, paid or not, expired or not, with and without a form.

INSERT INTO public.calculator2_sessions (
    session_token, form_state, pricing_tier, amount_paid, payment_status, report_token,
    created_at, last_active_at, expires_at
)
SELECT
    CASE n % 4
        WHEN 0 THEN rpad('é' || n, 32, '語')
        WHEN 1 THEN lpad(n::text, 32, ' ')
        ELSE md5(n::text)
    END,
    (ARRAY [NULL, 'null', '{}', '{"step": 3, "answers": {"income": 41250.50, "name": "Zoë"}}']::jsonb [])[1 + n % 4]
    || CASE WHEN n % 97 = 0 THEN jsonb_build_object('notes', repeat('long ', 2000)) ELSE '{}' END,
    (ARRAY [NULL, 'basic', 'premium', ''])[1 + n % 4],
    (ARRAY [NULL, 0, 49.99, 99999999.99])[1 + n % 4],
    (ARRAY ['pending', 'completed', 'failed', 'refunded', ''])[1 + n % 5],
    CASE WHEN n % 5 = 1 THEN md5('report ' || n) END,
    born,
    born + (ARRAY [interval '0', interval '1 microsecond', interval '47 hours'])[1 + n % 3],
    CASE n % 7 WHEN 0 THEN born + interval '1 microsecond' WHEN 1 THEN 'infinity' ELSE born + interval '48 hours' END
FROM (
    SELECT
        n,
        now() - (n % 90) * interval '1 day' AS born
    FROM generate_series(1, 3000) AS n
) AS sessions
