-- 004: public.feedback, what visitors say of the calculator. Special: its only key is an identity, which no client writes.
--
-- One transaction, so that every way of delivery applies all of it or nothing. Safe to run again: each statement does
-- nothing where its work is done.

BEGIN;

SET LOCAL statement_timeout = '60s';
-- Names mean the same whoever applies this, and the catalog prints one spelling (see the check at the end).
SET LOCAL search_path = '';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL quote_all_identifiers = off;
-- "already exists, skipping" is what a second run is for; warnings still show.
SET LOCAL client_min_messages = 'warning';

-- A second applier waits here until the first has committed. That keeps nobody else waiting.
SET LOCAL lock_timeout = '30s';
SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('004_create_feedback', 0));
-- From here on the application waits behind whoever waits for a lock on a table: two seconds at most.
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS public.feedback (
    id bigint GENERATED ALWAYS AS IDENTITY,
    message text NOT NULL,
    rating smallint,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT feedback_pkey PRIMARY KEY (id),
    CONSTRAINT message_length CHECK (char_length(message) BETWEEN 1 AND 2000),
    CONSTRAINT rating_range CHECK (rating BETWEEN 1 AND 5)
);

-- The API's roles see only the rows that a policy shows them.
ALTER TABLE public.feedback ENABLE ROW LEVEL SECURITY;

-- Privileges are exactly these, whatever the platform's defaults had granted.
REVOKE ALL ON TABLE public.feedback FROM public, anon, authenticated, service_role;
GRANT INSERT (message, rating) ON TABLE public.feedback TO anon;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.feedback TO service_role;
REVOKE ALL ON SEQUENCE public.feedback_id_seq FROM public, anon, authenticated, service_role;

-- Any visitor may leave feedback, and read none.
DROP POLICY IF EXISTS insert_feedback ON public.feedback;
CREATE POLICY insert_feedback ON public.feedback
FOR INSERT
TO anon
WITH CHECK (true);

-- For a platform on which service_role does not bypass row-level security.
DROP POLICY IF EXISTS service_role_feedback ON public.feedback;
CREATE POLICY service_role_feedback ON public.feedback
FOR ALL
TO service_role
USING (true)
WITH CHECK (true);

COMMENT ON TABLE public.feedback IS 'What visitors say of the calculator: anyone may write, the back end reads.';
COMMENT ON COLUMN public.feedback.id IS 'Surrogate key, given by the database.';
COMMENT ON COLUMN public.feedback.message IS 'What the visitor wrote.';
COMMENT ON COLUMN public.feedback.rating IS 'From 1, the worst, to 5; null where none was given.';
COMMENT ON COLUMN public.feedback.created_at IS 'Start of the transaction that made the row.';

-- IF NOT EXISTS looks at names only. This looks at the rest, and takes everything back if anything differs. It is
-- written by tox -e new-migration, which writes it anew when the file has changed.
DO $check$
DECLARE
    differences text;
BEGIN
    -- For the rest of the transaction: names are printed with their schema.
    PERFORM pg_catalog.set_config('search_path', '', true);

    WITH expected (object, definition) AS (
        VALUES
        ('owner of public.feedback', quote_ident(current_user)),
        ('kind of public.feedback', 'table'),
        ('row-level security of public.feedback', 'on'),
        ('column public.feedback.created_at', 'timestamp with time zone NOT NULL DEFAULT now()'),
        ('column public.feedback.id', 'bigint NOT NULL GENERATED ALWAYS AS IDENTITY'),
        ('column public.feedback.message', 'text NOT NULL'),
        ('column public.feedback.rating', 'smallint'),
        ('constraint feedback_pkey on public.feedback', 'PRIMARY KEY (id)'),
        (
            'constraint message_length on public.feedback',
            'CHECK (((char_length(message) >= 1) AND (char_length(message) <= 2000)))'
        ),
        ('constraint rating_range on public.feedback', 'CHECK (((rating >= 1) AND (rating <= 5)))'),
        ('index public.feedback_pkey', 'CREATE UNIQUE INDEX feedback_pkey ON public.feedback USING btree (id)'),
        ('policy insert_feedback on public.feedback', 'for INSERT to anon with check true'),
        ('policy service_role_feedback on public.feedback', 'for ALL to service_role using true with check true'),
        ('privileges of anon on column public.feedback.message', 'INSERT'),
        ('privileges of anon on column public.feedback.rating', 'INSERT'),
        ('privileges of service_role on table public.feedback', 'DELETE, INSERT, SELECT, UPDATE')
    ),

    target AS (
        SELECT
            *,
            oid::regclass AS name
        FROM pg_catalog.pg_class
        WHERE oid IN ('public.feedback'::regclass)
    ),

    actual (relation, object, definition) AS (
        SELECT name, format('owner of %s', name), relowner::regrole::text
        FROM target
        UNION ALL
        SELECT
            name,
            format('kind of %s', name),
            concat_ws(
                ' ',
                CASE relpersistence WHEN 'u' THEN 'UNLOGGED' END,
                CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' ELSE relkind::text END
            )
        FROM target
        UNION ALL
        SELECT name, format('row-level security of %s', name), CASE WHEN relrowsecurity THEN 'on' ELSE 'off' END
        FROM target
        UNION ALL
        SELECT
            t.name,
            format('column %s.%I', t.name, a.attname),
            concat_ws(
                ' ',
                format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.attcollation <> y.typcollation THEN 'COLLATE ' || a.attcollation::regcollation END,
                CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                CASE a.attidentity
                    WHEN 'a' THEN 'GENERATED ALWAYS AS IDENTITY'
                    WHEN 'd' THEN 'GENERATED BY DEFAULT AS IDENTITY'
                END,
                CASE WHEN a.attgenerated = '' THEN 'DEFAULT ' ELSE 'GENERATED ALWAYS AS ' END
                || pg_get_expr(d.adbin, d.adrelid)
            )
        FROM target AS t
        INNER JOIN pg_catalog.pg_attribute AS a ON t.oid = a.attrelid AND a.attnum > 0 AND NOT a.attisdropped
        INNER JOIN pg_catalog.pg_type AS y ON a.atttypid = y.oid
        LEFT JOIN pg_catalog.pg_attrdef AS d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        UNION ALL
        -- NOT NULL is a constraint of its own since PostgreSQL 18; as a column's property it stands above.
        SELECT t.name, format('constraint %I on %s', c.conname, t.name), pg_get_constraintdef(c.oid)
        FROM target AS t
        INNER JOIN pg_catalog.pg_constraint AS c ON t.oid = c.conrelid AND (c.contype <> 'n' OR NOT c.convalidated)
        WHERE c.contype <> 't'
        UNION ALL
        SELECT
            t.name,
            format('index %s', i.indexrelid::regclass),
            concat_ws(' ', pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN '(not valid)' END)
        FROM target AS t
        INNER JOIN pg_catalog.pg_index AS i ON t.oid = i.indrelid
        UNION ALL
        SELECT
            t.name,
            format('trigger %I on %s', g.tgname, t.name),
            concat_ws(' ', pg_get_triggerdef(g.oid), 'enabled ' || nullif(g.tgenabled::text, 'O'))
        FROM target AS t
        INNER JOIN pg_catalog.pg_trigger AS g ON t.oid = g.tgrelid AND NOT g.tgisinternal
        UNION ALL
        SELECT
            t.name,
            format('policy %I on %s', p.polname, t.name),
            concat_ws(
                ' ',
                CASE WHEN NOT p.polpermissive THEN 'restrictive' END,
                'for ' || CASE p.polcmd
                    WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL'
                END,
                'to ' || (
                    SELECT string_agg(r.name, ', ' ORDER BY r.name)
                    FROM (
                        SELECT CASE u.id WHEN 0 THEN 'PUBLIC' ELSE u.id::regrole::text END AS name
                        FROM unnest(p.polroles) AS u (id)
                    ) AS r
                ),
                'using ' || pg_get_expr(p.polqual, p.polrelid),
                'with check ' || pg_get_expr(p.polwithcheck, p.polrelid)
            )
        FROM target AS t
        INNER JOIN pg_catalog.pg_policy AS p ON t.oid = p.polrelid
        UNION ALL
        SELECT t.name, format('rule %I on %s', r.rulename, t.name), 'present'
        FROM target AS t
        INNER JOIN pg_catalog.pg_rewrite AS r ON t.oid = r.ev_class
        UNION ALL
        SELECT
            held.name,
            format('privileges of %s on %s', grantee.name, held.what),
            string_agg(
                concat_ws(' ', x.privilege_type, CASE WHEN x.is_grantable THEN 'WITH GRANT OPTION' END),
                ', ' ORDER BY x.privilege_type
            )
        FROM (
            SELECT name, 'table ' || name AS what, relacl AS acl, relowner AS holder
            FROM target
            UNION ALL
            SELECT t.name, format('column %s.%I', t.name, a.attname), a.attacl, t.relowner
            FROM target AS t
            INNER JOIN pg_catalog.pg_attribute AS a ON t.oid = a.attrelid AND NOT a.attisdropped
            UNION ALL
            SELECT t.name, 'sequence ' || s.oid::regclass, s.relacl, s.relowner
            FROM target AS t
            INNER JOIN pg_catalog.pg_depend AS d
                ON t.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
            INNER JOIN pg_catalog.pg_class AS s ON d.objid = s.oid AND s.relkind = 'S'
        ) AS held
        CROSS JOIN LATERAL aclexplode(held.acl) AS x
        CROSS JOIN LATERAL (
            SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END AS name
        ) AS grantee
        WHERE x.grantee <> held.holder
        GROUP BY held.name, grantee.name, held.what
    )

    SELECT
        string_agg(
            format(
                '  %s: %s, must be: %s',
                object, coalesce(a.definition, 'missing'), coalesce(e.definition, 'not there')
            ),
            E'\n' ORDER BY object
        )
    INTO differences
    FROM expected AS e FULL JOIN actual AS a USING (object)
    WHERE e.definition IS DISTINCT FROM a.definition
        AND (e.object IS NOT NULL OR a.relation IN ('public.feedback'::regclass));

    IF differences IS NOT NULL THEN
        RAISE EXCEPTION E'what this migration makes stands here in another shape; nothing was changed:\n%', differences
        USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Bring it to this shape by a migration of its own, or move it away, then run this again.';
    END IF;
END;
$check$;

-- PostgREST knows nothing of it before it hears this. Sent at commit, and only then.
NOTIFY pgrst, 'reload schema';

COMMIT;
