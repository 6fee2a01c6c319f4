-- The structural checks and the refusals of the gate, as pgTAP expresses them; pgTAP is in the schema `tap`.
BEGIN;
SET LOCAL search_path = public, tap;
SELECT * FROM no_plan();

SELECT tables_are('public', ARRAY['calculator2_sessions']);
SELECT columns_are('public', 'calculator2_sessions', ARRAY[
    'id', 'session_token', 'form_state', 'pricing_tier', 'amount_paid', 'payment_status', 'report_token',
    'created_at', 'last_active_at', 'expires_at'
]);
SELECT col_type_is('public', 'calculator2_sessions', c.name, c.type, c.name)
FROM (VALUES
    ('id'::name, 'bigint'), ('session_token', 'text'), ('form_state', 'jsonb'), ('pricing_tier', 'text'),
    ('amount_paid', 'numeric(10,2)'), ('payment_status', 'text'), ('report_token', 'text'),
    ('created_at', 'timestamp with time zone'), ('last_active_at', 'timestamp with time zone'),
    ('expires_at', 'timestamp with time zone')
) AS c (name, type);
SELECT col_not_null('public', 'calculator2_sessions', c, c)
FROM unnest(ARRAY['id', 'session_token', 'payment_status', 'created_at', 'last_active_at', 'expires_at']::name[]) AS c;
SELECT col_is_null('public', 'calculator2_sessions', c, c)
FROM unnest(ARRAY['form_state', 'pricing_tier', 'amount_paid', 'report_token']::name[]) AS c;
SELECT col_default_is('public', 'calculator2_sessions', c.name, c.value, c.name)
FROM (VALUES
    ('payment_status'::name, 'pending'), ('created_at', 'now()'), ('last_active_at', 'now()'),
    ('expires_at', '(now() + ''48:00:00''::interval)')
) AS c (name, value);
SELECT col_is_pk('public', 'calculator2_sessions', 'id', 'primary key');
SELECT indexes_are('public', 'calculator2_sessions', ARRAY[
    'calculator2_sessions_pkey', 'idx_calculator2_sessions_token', 'idx_calculator2_sessions_expires_at',
    'idx_calculator2_sessions_last_active'
]);
SELECT index_is_unique('public', 'calculator2_sessions', 'idx_calculator2_sessions_token');
SELECT is(array_agg(format('%s %s', conname, pg_get_constraintdef(oid)) ORDER BY conname), ARRAY[
    'expiry_after_creation CHECK ((expires_at > created_at))',
    'last_active_after_creation CHECK ((last_active_at >= created_at))',
    'session_token_length CHECK ((char_length(session_token) = 32))'
], 'constraints')
FROM pg_constraint WHERE conrelid = 'public.calculator2_sessions'::regclass AND contype = 'c';
SELECT triggers_are('public', 'calculator2_sessions', ARRAY['trg_calculator2_sessions_last_active']);
SELECT trigger_is(
    'public', 'calculator2_sessions', 'trg_calculator2_sessions_last_active',
    'public', 'update_calculator2_sessions_last_active'
);
SELECT policies_are('public', 'calculator2_sessions', ARRAY[
    'read_calculator2_sessions', 'service_role_calculator2_sessions'
]);
SELECT policy_roles_are('public', 'calculator2_sessions', 'read_calculator2_sessions', ARRAY['anon', 'authenticated']);
SELECT policy_cmd_is('public', 'calculator2_sessions', 'read_calculator2_sessions', 'SELECT', 'command');
SELECT is(count(*), 11::bigint, 'comments')
FROM pg_description WHERE objoid = 'public.calculator2_sessions'::regclass AND classoid = 'pg_class'::regclass;
SELECT table_privs_are('public', 'calculator2_sessions', p.role, p.privileges, p.role::text)
FROM (VALUES
    ('anon'::name, ARRAY['SELECT']), ('authenticated', ARRAY['SELECT']),
    ('service_role', ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'])
) AS p (role, privileges);

CREATE TEMPORARY TABLE times (at, place) AS VALUES
('''-infinity''', 0), ('now() - interval ''1 second''', 1), ('now() - interval ''1 microsecond''', 2),
('now()', 3), ('now() + interval ''1 microsecond''', 4), ('now() + interval ''1 second''', 5), ('''infinity''', 6);
CREATE TEMPORARY TABLE cases AS
SELECT row_number() OVER () AS number, c.*
FROM (
    SELECT name, 'NULL', CASE WHEN is_required THEN '23502' END
    FROM (VALUES
        ('session_token', true), ('payment_status', true), ('created_at', true), ('expires_at', true),
        ('last_active_at', true), ('form_state', false), ('pricing_tier', false), ('amount_paid', false),
        ('report_token', false)
    ) AS c (name, is_required)
    UNION ALL
    SELECT 'created_at, expires_at', 'now(), ' || at, CASE WHEN place < 4 THEN '23514' END FROM times
    UNION ALL
    SELECT
        'created_at, expires_at, last_active_at', 'now(), ''infinity'', ' || at, CASE WHEN place < 3 THEN '23514' END
    FROM times
) AS c (columns, value, sqlstate);
GRANT SELECT ON cases TO service_role;

SET LOCAL ROLE service_role;
INSERT INTO public.calculator2_sessions (session_token) VALUES (repeat('o', 32));
CREATE TEMPORARY TABLE attempts AS
SELECT
    format(
        'INSERT INTO calculator2_sessions (%s) VALUES (%s)',
        concat_ws(', ', CASE WHEN columns <> 'session_token' THEN 'session_token' END, columns),
        concat_ws(', ', CASE WHEN columns <> 'session_token' THEN quote_literal(lpad(number::text, 32, 'n')) END, value)
    ) AS statement,
    sqlstate
FROM cases
UNION ALL
SELECT
    format('UPDATE calculator2_sessions SET (%s) = ROW(%s) WHERE session_token = repeat(''o'', 32)', columns, value),
    CASE WHEN columns NOT LIKE '%last_active_at' THEN sqlstate END
FROM cases;

SELECT CASE WHEN sqlstate IS NULL THEN lives_ok(statement, statement) ELSE throws_ok(statement, sqlstate, NULL, statement) END
FROM attempts;
RESET ROLE;

DELETE FROM public.calculator2_sessions;
INSERT INTO public.calculator2_sessions (session_token, created_at, expires_at) VALUES
(repeat('m', 32), now() - interval '3 days', 'infinity'),
(repeat('y', 32), now() - interval '3 days', 'infinity'),
(repeat('e', 32), now() - interval '3 days', now());
CREATE TEMPORARY TABLE writes AS
SELECT header, format(w.statement, repeat(target, 32)) AS statement
FROM (VALUES
    ('INSERT INTO calculator2_sessions (session_token) VALUES (repeat(''n'', 32))'),
    ('UPDATE calculator2_sessions SET payment_status = ''completed'' WHERE session_token = %L'),
    ('UPDATE calculator2_sessions SET payment_status = ''completed'''),
    ('UPDATE calculator2_sessions SET expires_at = ''infinity'''),
    ('UPDATE calculator2_sessions SET session_token = repeat(''n'', 32)'),
    ('UPDATE calculator2_sessions SET form_state = ''{}'''),
    ('DELETE FROM calculator2_sessions WHERE session_token = %L'),
    ('DELETE FROM calculator2_sessions'),
    ('DELETE FROM calculator2_sessions WHERE expires_at <= now() AND payment_status <> ''completed'''),
    ('TRUNCATE calculator2_sessions')
) AS w (statement), (VALUES ('m', 'm'), ('m', 'y'), ('m', 'e'), ('m', 'm'), ('y', 'y'), ('e', 'e')) AS t (header, target);
GRANT SELECT ON writes TO anon, authenticated;

SET LOCAL ROLE anon;
SELECT throws_ok(statement, '42501', NULL, statement)
FROM writes, LATERAL set_config('request.headers', json_build_object('x-session-token', repeat(header, 32))::text, true);
SET LOCAL ROLE authenticated;
SELECT throws_ok(statement, '42501', NULL, statement)
FROM writes, LATERAL set_config('request.headers', json_build_object('x-session-token', repeat(header, 32))::text, true);
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
