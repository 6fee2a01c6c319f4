-- 014: public.calculator2_sessions, the anonymous sessions of the public calculator.
--
-- What must hold is written in tests/contract/CONTRACT.md; the letters in brackets are its clauses.
-- One transaction, so that every way of delivery applies all of it or nothing (I4). Safe to run again:
-- a second run changes nothing (I2), and a table of another shape is refused, never taken for this one (I9).

BEGIN;

SET LOCAL statement_timeout = '60s';
-- Names mean the same whoever applies this, and the catalogue prints one spelling (see the last check).
SET LOCAL search_path = '';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL quote_all_identifiers = off;
-- "already exists, skipping" is what a second run is for; warnings still show.
SET LOCAL client_min_messages = 'warning';

-- A second applier waits here until the first has committed (I6). That keeps nobody else waiting.
SET LOCAL lock_timeout = '30s';
SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('public.calculator2_sessions', 0));
-- From here on the application waits behind whoever waits for a lock on the table: two seconds at most (I8).
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS public.calculator2_sessions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    session_token text NOT NULL,
    form_state jsonb,
    pricing_tier text,
    amount_paid numeric(10, 2),
    payment_status text NOT NULL DEFAULT 'pending',
    report_token text,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_active_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '48 hours',
    CONSTRAINT calculator2_sessions_pkey PRIMARY KEY (id),
    CONSTRAINT session_token_length CHECK (char_length(session_token) = 32),
    CONSTRAINT expiry_after_creation CHECK (expires_at > created_at),
    CONSTRAINT last_active_after_creation CHECK (last_active_at >= created_at)
);

-- First touch of a table that may be in use, so the strongest lock comes first and is never upgraded to:
-- an upgrade could deadlock with the application.
ALTER TABLE public.calculator2_sessions ENABLE ROW LEVEL SECURITY;

-- Privileges are exactly these, whatever the platform's defaults had granted (S8, R5).
REVOKE ALL ON TABLE public.calculator2_sessions FROM public, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.calculator2_sessions TO anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.calculator2_sessions TO service_role;
REVOKE ALL ON SEQUENCE public.calculator2_sessions_id_seq FROM public, anon, authenticated, service_role;

-- The row whose token is in the header, until it expires (R2, R3, R4, R8), for these two roles alone (R7, R10).
-- The header is read once a query, in a sub-select (P2); on a pooled connection it is empty, not unset (R1, R9).
DROP POLICY IF EXISTS read_calculator2_sessions ON public.calculator2_sessions;
CREATE POLICY read_calculator2_sessions ON public.calculator2_sessions
FOR SELECT
TO anon, authenticated
USING (
    session_token = (
        SELECT nullif(current_setting('request.headers', true), '')::json ->> 'x-session-token'
    )
    AND expires_at > now()
);

-- For a platform on which service_role does not bypass row-level security (R6).
DROP POLICY IF EXISTS service_role_calculator2_sessions ON public.calculator2_sessions;
CREATE POLICY service_role_calculator2_sessions ON public.calculator2_sessions
FOR ALL
TO service_role
USING (true)
WITH CHECK (true);

-- The table is new or it has these indexes: nothing is built on a table in use.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX IF NOT EXISTS idx_calculator2_sessions_token
ON public.calculator2_sessions (session_token);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS idx_calculator2_sessions_expires_at
ON public.calculator2_sessions (expires_at)
WHERE payment_status <> 'completed';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX IF NOT EXISTS idx_calculator2_sessions_last_active
ON public.calculator2_sessions (last_active_at DESC);

-- The transaction's clock may be older than the row it updates: never back, never before created_at (T2).
CREATE OR REPLACE FUNCTION public.update_calculator2_sessions_last_active()
RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path = ''
AS $function$
BEGIN
    NEW.last_active_at := GREATEST(pg_catalog.now(), OLD.last_active_at, NEW.created_at);
    RETURN NEW;
END;
$function$;

REVOKE ALL ON FUNCTION public.update_calculator2_sessions_last_active()
FROM public, anon, authenticated, service_role;

DROP TRIGGER IF EXISTS trg_calculator2_sessions_last_active ON public.calculator2_sessions;
CREATE TRIGGER trg_calculator2_sessions_last_active
BEFORE UPDATE ON public.calculator2_sessions
FOR EACH ROW
EXECUTE FUNCTION public.update_calculator2_sessions_last_active();

COMMENT ON TABLE public.calculator2_sessions IS
'Anonymous sessions of the public calculator: whoever holds the token reads the row, for 48 hours.';
COMMENT ON COLUMN public.calculator2_sessions.id IS 'Surrogate key, given by the database.';
COMMENT ON COLUMN public.calculator2_sessions.session_token IS
'Random 32-character secret; the browser sends it in the header x-session-token.';
COMMENT ON COLUMN public.calculator2_sessions.form_state IS 'The form as the visitor saved it last.';
COMMENT ON COLUMN public.calculator2_sessions.pricing_tier IS 'The tier that the visitor chose.';
COMMENT ON COLUMN public.calculator2_sessions.amount_paid IS 'What was paid, to two decimals.';
COMMENT ON COLUMN public.calculator2_sessions.payment_status IS
'pending until paid; a completed session is never cleaned up.';
COMMENT ON COLUMN public.calculator2_sessions.report_token IS 'Token of the finished report; opens no session.';
COMMENT ON COLUMN public.calculator2_sessions.created_at IS 'Start of the transaction that made the row.';
COMMENT ON COLUMN public.calculator2_sessions.last_active_at IS 'Set by trigger at every update; never moves back.';
COMMENT ON COLUMN public.calculator2_sessions.expires_at IS
'The row is invisible to its holder from this instant on; activity does not move it.';

-- IF NOT EXISTS looks at names only. This looks at the rest, and takes everything back if anything differs (I9).
DO $check$
DECLARE
    differences text;
BEGIN
    WITH target AS (
        SELECT * FROM pg_catalog.pg_class WHERE oid = 'public.calculator2_sessions'::regclass
    ),

    expected (fact) AS (
        VALUES
        (format('table: of kind r, persistence p, row security on, owned by %I', current_user)),
        ('column 1: id bigint NOT NULL GENERATED ALWAYS AS IDENTITY'),
        ('column 2: session_token text NOT NULL'),
        ('column 3: form_state jsonb'),
        ('column 4: pricing_tier text'),
        ('column 5: amount_paid numeric(10,2)'),
        ('column 6: payment_status text NOT NULL DEFAULT ''pending''::text'),
        ('column 7: report_token text'),
        ('column 8: created_at timestamp with time zone NOT NULL DEFAULT now()'),
        ('column 9: last_active_at timestamp with time zone NOT NULL DEFAULT now()'),
        ('column 10: expires_at timestamp with time zone NOT NULL DEFAULT (now() + ''48:00:00''::interval)'),
        ('constraint calculator2_sessions_pkey: PRIMARY KEY (id)'),
        ('constraint session_token_length: CHECK ((char_length(session_token) = 32))'),
        ('constraint expiry_after_creation: CHECK ((expires_at > created_at))'),
        ('constraint last_active_after_creation: CHECK ((last_active_at >= created_at))'),
        (
            'index: CREATE UNIQUE INDEX calculator2_sessions_pkey'
            ' ON public.calculator2_sessions USING btree (id)'
        ),
        (
            'index: CREATE UNIQUE INDEX idx_calculator2_sessions_token'
            ' ON public.calculator2_sessions USING btree (session_token)'
        ),
        (
            'index: CREATE INDEX idx_calculator2_sessions_expires_at'
            ' ON public.calculator2_sessions USING btree (expires_at)'
            ' WHERE (payment_status <> ''completed''::text)'
        ),
        (
            'index: CREATE INDEX idx_calculator2_sessions_last_active'
            ' ON public.calculator2_sessions USING btree (last_active_at DESC)'
        ),
        ('trigger: trg_calculator2_sessions_last_active'),
        ('policy: read_calculator2_sessions'),
        ('policy: service_role_calculator2_sessions'),
        ('privilege: anon may SELECT'),
        ('privilege: authenticated may SELECT'),
        ('privilege: service_role may SELECT'),
        ('privilege: service_role may INSERT'),
        ('privilege: service_role may UPDATE'),
        ('privilege: service_role may DELETE')
    ),

    actual (fact) AS (
        SELECT
            format(
                'table: of kind %s, persistence %s, row security %s, owned by %s',
                relkind,
                relpersistence,
                CASE WHEN relrowsecurity THEN 'on' ELSE 'off' END,
                relowner::regrole
            )
        FROM target
        UNION ALL
        SELECT
            format(
                'column %s: %s %s%s%s%s%s',
                row_number() OVER (ORDER BY a.attnum),
                a.attname,
                format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.attcollation <> y.typcollation THEN ' COLLATE ' || a.attcollation::regcollation END,
                CASE WHEN a.attnotnull THEN ' NOT NULL' END,
                ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid),
                CASE a.attidentity
                    WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY'
                    WHEN 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY'
                END
            )
        FROM target AS t
        INNER JOIN pg_catalog.pg_attribute AS a ON t.oid = a.attrelid AND a.attnum > 0 AND NOT a.attisdropped
        INNER JOIN pg_catalog.pg_type AS y ON a.atttypid = y.oid
        LEFT JOIN pg_catalog.pg_attrdef AS d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        UNION ALL
        -- NOT NULL is a constraint of its own since PostgreSQL 18; as a column's property it stands above.
        SELECT format('constraint %s: %s', c.conname, pg_get_constraintdef(c.oid))
        FROM target AS t
        INNER JOIN pg_catalog.pg_constraint AS c ON t.oid = c.conrelid AND (c.contype <> 'n' OR NOT c.convalidated)
        UNION ALL
        SELECT format('index: %s%s', pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN ' (invalid)' END)
        FROM target AS t
        INNER JOIN pg_catalog.pg_index AS i ON t.oid = i.indrelid
        UNION ALL
        SELECT format('trigger: %s', g.tgname)
        FROM target AS t
        INNER JOIN pg_catalog.pg_trigger AS g ON t.oid = g.tgrelid AND NOT g.tgisinternal
        UNION ALL
        SELECT format('policy: %s', p.polname)
        FROM target AS t
        INNER JOIN pg_catalog.pg_policy AS p ON t.oid = p.polrelid
        UNION ALL
        SELECT format('rule: %s', r.rulename)
        FROM target AS t
        INNER JOIN pg_catalog.pg_rewrite AS r ON t.oid = r.ev_class
        UNION ALL
        SELECT
            format(
                'privilege: %s may %s%s%s',
                CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END,
                x.privilege_type,
                ' on ' || held.what,
                CASE WHEN x.is_grantable THEN ' with grant option' END
            )
        FROM (
            SELECT NULL AS what, relacl AS acl, relowner AS holder
            FROM target
            UNION ALL
            SELECT 'column ' || a.attname, a.attacl, t.relowner
            FROM target AS t
            INNER JOIN pg_catalog.pg_attribute AS a ON t.oid = a.attrelid AND NOT a.attisdropped
            UNION ALL
            SELECT 'sequence ' || s.relname, s.relacl, s.relowner
            FROM pg_catalog.pg_class AS s
            WHERE s.oid = pg_get_serial_sequence('public.calculator2_sessions', 'id')::regclass
            UNION ALL
            SELECT 'function ' || f.proname, f.proacl, f.proowner
            FROM pg_catalog.pg_proc AS f
            WHERE f.oid = 'public.update_calculator2_sessions_last_active()'::regprocedure
        ) AS held
        CROSS JOIN LATERAL aclexplode(held.acl) AS x
        WHERE x.grantee <> held.holder
    )

    SELECT string_agg(difference, E'\n' ORDER BY difference)
    INTO differences
    FROM (
        SELECT '  missing    ' || e.fact AS difference FROM (TABLE expected EXCEPT TABLE actual) AS e
        UNION ALL
        SELECT '  unexpected ' || a.fact FROM (TABLE actual EXCEPT TABLE expected) AS a
    ) AS found;

    IF differences IS NOT NULL THEN
        RAISE EXCEPTION E'public.calculator2_sessions stands here in another shape; nothing was changed:\n%', differences
        USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Bring the table to the contract by a migration of its own, or move it away, then run this again.';
    END IF;
END;
$check$;

-- PostgREST answers 404 for a table that it has not heard of (I10). Sent at commit, and only then.
NOTIFY pgrst, 'reload schema';

COMMIT;
