-- 015: public.newsletter_signups, who asked for the newsletter, and when they agreed to it.
--
-- One transaction, so that every way of delivery applies all of it or nothing. Safe to run again: a second run changes
-- nothing, and a table of another shape is refused, never taken for this one.

BEGIN;

SET LOCAL statement_timeout = '60s';
-- Names mean the same whoever applies this, and the catalog prints one spelling (see the last check).
SET LOCAL search_path = '';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL quote_all_identifiers = off;
-- "already exists, skipping" is what a second run is for; warnings still show.
SET LOCAL client_min_messages = 'warning';

-- A second applier waits here until the first has committed. That keeps nobody else waiting.
SET LOCAL lock_timeout = '30s';
SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('public.newsletter_signups', 0));
-- From here on the application waits behind whoever waits for a lock on the table: two seconds at most.
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS public.newsletter_signups (
    id bigint GENERATED ALWAYS AS IDENTITY,
    email text NOT NULL,
    consented_at timestamptz NOT NULL DEFAULT now(),
    confirmation_token uuid NOT NULL DEFAULT gen_random_uuid(),
    confirmed_at timestamptz,
    CONSTRAINT newsletter_signups_pkey PRIMARY KEY (id),
    CONSTRAINT email_length CHECK (char_length(email) <= 254),
    CONSTRAINT email_form CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    CONSTRAINT confirmation_after_consent CHECK (confirmed_at >= consented_at)
);

-- First touch of a table that may be in use, so the strongest lock comes first and is never upgraded to:
-- an upgrade could deadlock with the application.
ALTER TABLE public.newsletter_signups ENABLE ROW LEVEL SECURITY;

-- A visitor gives an address and the time of consent. The token is the database's to draw: whoever could choose it
-- could confirm another's address.
REVOKE ALL ON TABLE public.newsletter_signups FROM public, anon, authenticated, service_role;
GRANT INSERT (email, consented_at) ON TABLE public.newsletter_signups TO anon;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.newsletter_signups TO service_role;
REVOKE ALL ON SEQUENCE public.newsletter_signups_id_seq FROM public, anon, authenticated, service_role;

-- Consent is given now: never in the future, and at most an hour ago.
DROP POLICY IF EXISTS sign_up_newsletter_signups ON public.newsletter_signups;
CREATE POLICY sign_up_newsletter_signups ON public.newsletter_signups
FOR INSERT
TO anon
WITH CHECK (consented_at BETWEEN now() - interval '1 hour' AND now());

-- For a platform on which service_role does not bypass row-level security.
DROP POLICY IF EXISTS service_role_newsletter_signups ON public.newsletter_signups;
CREATE POLICY service_role_newsletter_signups ON public.newsletter_signups
FOR ALL
TO service_role
USING (true)
WITH CHECK (true);

-- The table is new or it has these indexes: nothing is built on a table in use.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX IF NOT EXISTS idx_newsletter_signups_email
ON public.newsletter_signups (lower(email));
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX IF NOT EXISTS idx_newsletter_signups_confirmation_token
ON public.newsletter_signups (confirmation_token);

COMMENT ON TABLE public.newsletter_signups IS
'Who asked for the newsletter: an address is written to only once its owner has confirmed it.';
COMMENT ON COLUMN public.newsletter_signups.id IS 'Surrogate key, given by the database.';
COMMENT ON COLUMN public.newsletter_signups.email IS 'The address, as it was given; unique without regard to case.';
COMMENT ON COLUMN public.newsletter_signups.consented_at IS 'When the visitor agreed to receive the newsletter.';
COMMENT ON COLUMN public.newsletter_signups.confirmation_token IS
'Random secret, sent to the address; whoever sends it back owns the address.';
COMMENT ON COLUMN public.newsletter_signups.confirmed_at IS 'When the token came back; null until then.';

-- IF NOT EXISTS looks at names only. This looks at the rest, and takes everything back if anything differs.
DO $check$
DECLARE
    differences text;
BEGIN
    WITH target AS (
        SELECT * FROM pg_catalog.pg_class WHERE oid = 'public.newsletter_signups'::regclass
    ),

    expected (fact) AS (
        VALUES
        (format('table: of kind r, persistence p, row security on, owned by %I', current_user)),
        ('column 1: id bigint NOT NULL GENERATED ALWAYS AS IDENTITY'),
        ('column 2: email text NOT NULL'),
        ('column 3: consented_at timestamp with time zone NOT NULL DEFAULT now()'),
        ('column 4: confirmation_token uuid NOT NULL DEFAULT gen_random_uuid()'),
        ('column 5: confirmed_at timestamp with time zone'),
        ('constraint newsletter_signups_pkey: PRIMARY KEY (id)'),
        ('constraint email_length: CHECK ((char_length(email) <= 254))'),
        ('constraint email_form: CHECK ((email ~ ''^[^@[:space:]]+@[^@[:space:]]+$''::text))'),
        ('constraint confirmation_after_consent: CHECK ((confirmed_at >= consented_at))'),
        (
            'index: CREATE UNIQUE INDEX newsletter_signups_pkey'
            ' ON public.newsletter_signups USING btree (id)'
        ),
        (
            'index: CREATE UNIQUE INDEX idx_newsletter_signups_email'
            ' ON public.newsletter_signups USING btree (lower(email))'
        ),
        (
            'index: CREATE UNIQUE INDEX idx_newsletter_signups_confirmation_token'
            ' ON public.newsletter_signups USING btree (confirmation_token)'
        ),
        ('policy: sign_up_newsletter_signups'),
        ('policy: service_role_newsletter_signups'),
        ('privilege: anon may INSERT on column email'),
        ('privilege: anon may INSERT on column consented_at'),
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
            WHERE s.oid = pg_get_serial_sequence('public.newsletter_signups', 'id')::regclass
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
        RAISE EXCEPTION E'public.newsletter_signups stands here in another shape; nothing was changed:\n%', differences
        USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Bring the table to the contract by a migration of its own, or move it away, then run this again.';
    END IF;
END;
$check$;

-- PostgREST answers 404 for a table that it has not heard of. Sent at commit, and only then.
NOTIFY pgrst, 'reload schema';

COMMIT;
