-- Verifies a live database after the last migration: does it hold this table as its contract says (S1 to S8)?
--     public.newsletter_signups
--
-- Paste it into the dashboard's SQL editor, or let migrations/execute_migration.sh run it: as the role that migrates.
-- It changes nothing. It ends with one row that says how many checks held, or with one error that lists what differs.
-- Written from the contract, not to be edited: tox -e verify-files

BEGIN;

SET LOCAL transaction_read_only = on;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '60s';
-- The catalog prints one spelling, whoever reads it.
SET LOCAL search_path = '';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL quote_all_identifiers = off;

DO $verify$
DECLARE
    the_table regclass := to_regclass('public.newsletter_signups');
    checks_held integer;
    deviations text[];
    probe record;
    answer text;
BEGIN
    IF the_table IS NULL THEN
        RAISE EXCEPTION 'S1: there is no table %.', 'public.newsletter_signups'
        USING ERRCODE = 'undefined_table';
    END IF;

    -- What the contract says, as the catalog prints it; a fact that stands here twice may be so or so.
    WITH expected (clause, subject, fact) AS (
        VALUES
        ('S1', 'the table''s owner', format('%I, who asks', current_user)),
        ('S1', 'the table''s kind', 'ordinary and permanent'),
        ('S2', 'the order of the columns', 'id, email, consented_at, confirmation_token, confirmed_at'),
        ('S2', 'column id', 'bigint NOT NULL GENERATED ALWAYS AS IDENTITY'),
        (
            'S2',
            'the sequence of id',
            'newsletter_signups_id_seq AS bigint MINVALUE 1 MAXVALUE 9223372036854775807 INCREMENT 1'
        ),
        ('S2', 'column email', 'text NOT NULL'),
        ('S2', 'column consented_at', 'timestamp with time zone NOT NULL DEFAULT now()'),
        ('S2', 'column confirmation_token', 'uuid NOT NULL DEFAULT gen_random_uuid()'),
        ('S2', 'column confirmed_at', 'timestamp with time zone'),
        ('S4', 'constraint confirmation_after_consent', 'CHECK ((confirmed_at >= consented_at))'),
        ('S4', 'constraint email_form', 'CHECK ((email ~ ''^[^@[:space:]]+@[^@[:space:]]+$''::text))'),
        ('S4', 'constraint email_length', 'CHECK ((char_length(email) <= 254))'),
        ('S3', 'constraint newsletter_signups_pkey', 'PRIMARY KEY (id)'),
        (
            'S3',
            'index newsletter_signups_pkey',
            'CREATE UNIQUE INDEX newsletter_signups_pkey ON public.newsletter_signups USING btree (id)'
        ),
        (
            'S3',
            'index idx_newsletter_signups_email',
            'CREATE UNIQUE INDEX idx_newsletter_signups_email ON public.newsletter_signups USING btree (lower(email))'
        ),
        (
            'S3',
            'index idx_newsletter_signups_confirmation_token',
            'CREATE UNIQUE INDEX idx_newsletter_signups_confirmation_token ON '
            'public.newsletter_signups USING btree (confirmation_token)'
        ),
        ('S6', 'row-level security', 'enabled'),
        ('S6', 'policy service_role_newsletter_signups', 'AS PERMISSIVE FOR ALL TO service_role'),
        ('S6', 'policy sign_up_newsletter_signups', 'AS PERMISSIVE FOR INSERT TO anon'),
        ('S7', 'the comment on the table', 'there'),
        ('S7', 'the comment on column id', 'there'),
        ('S7', 'the comment on column email', 'there'),
        ('S7', 'the comment on column consented_at', 'there'),
        ('S7', 'the comment on column confirmation_token', 'there'),
        ('S7', 'the comment on column confirmed_at', 'there'),
        ('S8', 'what the owner may do with the table', 'all'),
        ('S8', 'what anon may do with the table', 'INSERT (consented_at), INSERT (email)'),
        ('S8', 'what authenticated may do with the table', 'none'),
        ('S8', 'what service_role may do with the table', 'DELETE, INSERT, SELECT, UPDATE'),
        ('S8', 'what the owner may do with sequence public.newsletter_signups_id_seq', 'all'),
        ('S8', 'what anon may do with sequence public.newsletter_signups_id_seq', 'none'),
        ('S8', 'what authenticated may do with sequence public.newsletter_signups_id_seq', 'none'),
        ('S8', 'what service_role may do with sequence public.newsletter_signups_id_seq', 'none')
    ),

    target_table AS (
        SELECT * FROM pg_catalog.pg_class WHERE oid = the_table
    ),

    columns AS (
        SELECT
            a.attnum AS number,
            a.attname AS name,
            a.attacl AS acl,
            a.atttypid AS type,
            format_type(a.atttypid, a.atttypmod)
            -- A collation of the column's own, and not its type's.
            || coalesce(' COLLATE ' || nullif(a.attcollation, y.typcollation)::regcollation, '')
            || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
            -- PostgreSQL 18 knows a NOT NULL that does not hold for the rows that were there before it.
            || CASE WHEN n.oid IS NULL THEN '' ELSE ' NOT VALID' END
            || CASE a.attidentity
                WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY'
                WHEN 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY'
                ELSE ''
            END
            || coalesce(
                CASE a.attgenerated WHEN '' THEN ' DEFAULT ' ELSE ' GENERATED ALWAYS AS ' END
                || pg_get_expr(d.adbin, d.adrelid)
                || CASE a.attgenerated WHEN 's' THEN ' STORED' WHEN 'v' THEN ' VIRTUAL' ELSE '' END,
                ''
            ) AS definition
        FROM pg_catalog.pg_attribute AS a
        LEFT JOIN pg_catalog.pg_type AS y ON a.atttypid = y.oid
        LEFT JOIN pg_catalog.pg_attrdef AS d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        LEFT JOIN pg_catalog.pg_constraint AS n
            ON a.attrelid = n.conrelid AND n.conkey = ARRAY[a.attnum] AND n.contype = 'n' AND NOT n.convalidated
        WHERE a.attrelid = the_table AND a.attnum > 0 AND NOT a.attisdropped
    ),

    -- The types of the columns, of what arrays hold, and beneath domains.
    types AS (
        WITH RECURSIVE used AS (
            SELECT type FROM columns
            UNION
            SELECT beneath.type
            FROM used
            INNER JOIN pg_catalog.pg_type AS y ON used.type = y.oid
            CROSS JOIN LATERAL unnest(ARRAY[y.typelem, y.typbasetype]) AS beneath (type)
        )

        SELECT y.* FROM used INNER JOIN pg_catalog.pg_type AS y ON used.type = y.oid
    ),

    -- Of identities and of serials.
    sequences AS (
        SELECT c.name AS column_name, s.oid, s.relname, s.relacl, s.relowner
        FROM columns AS c
        INNER JOIN pg_catalog.pg_depend AS p
            ON c.number = p.refobjsubid AND p.refobjid = the_table AND p.classid = 'pg_catalog.pg_class'::regclass
        INNER JOIN pg_catalog.pg_class AS s ON p.objid = s.oid AND s.relkind = 'S'
        WHERE p.deptype IN ('i', 'a')
    ),

    functions AS (
        SELECT 'function ' || named.name AS what, p.*
        FROM
            unnest(
                ARRAY[]::text[]
            ) AS named (name)
        INNER JOIN pg_catalog.pg_proc AS p ON to_regprocedure(named.name) = p.oid
    ),

    -- What has privileges of its own; acldefault of its kind names every privilege that this server knows for it.
    objects (what, kind, oid, acl, owner) AS (
        SELECT 'the table', 'r'::"char", oid, relacl, relowner FROM target_table
        UNION ALL
        SELECT 'sequence ' || oid::regclass, 's', oid, relacl, relowner FROM sequences
        UNION ALL
        SELECT what, 'f', oid, proacl, proowner FROM functions
    ),

    granted (what, is_owner, grantee, privilege) AS (
        SELECT o.what, x.grantee = o.owner, x.grantee, x.privilege_type
        FROM objects AS o
        CROSS JOIN LATERAL aclexplode(coalesce(o.acl, acldefault(o.kind, o.owner))) AS x
        UNION ALL
        SELECT 'the table', false, x.grantee, format('%s (%s)', x.privilege_type, c.name)
        FROM columns AS c
        CROSS JOIN target_table AS t
        CROSS JOIN LATERAL aclexplode(c.acl) AS x
        WHERE x.grantee <> t.relowner
    ),

    -- What these roles can use, by whatever way: a grant, PUBLIC, a membership.
    roles AS (
        SELECT oid, rolname
        FROM pg_catalog.pg_roles
        WHERE
            rolname = ANY(
                ARRAY['anon', 'authenticated', 'service_role']::text[]
            )
    ),

    held (what, role, privilege) AS (
        SELECT o.what, r.rolname, x.privilege_type || passed_on
        FROM objects AS o
        CROSS JOIN LATERAL aclexplode(acldefault(o.kind, o.owner)) AS x
        CROSS JOIN unnest(ARRAY['', ' WITH GRANT OPTION']) AS passed_on
        CROSS JOIN roles AS r
        WHERE
            x.grantee = o.owner
            AND CASE o.kind
                WHEN 'r' THEN has_table_privilege(r.oid, o.oid, x.privilege_type || passed_on)
                WHEN 's' THEN has_sequence_privilege(r.oid, o.oid, x.privilege_type || passed_on)
                ELSE has_function_privilege(r.oid, o.oid, x.privilege_type || passed_on)
            END
        UNION ALL
        SELECT 'the table', r.rolname, format('%s (%s)%s', privilege, c.name, passed_on)
        FROM columns AS c
        CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS privilege
        CROSS JOIN unnest(ARRAY['', ' WITH GRANT OPTION']) AS passed_on
        CROSS JOIN roles AS r
        WHERE
            has_column_privilege(r.oid, the_table, c.number, privilege || passed_on)
            AND (
                NOT has_table_privilege(r.oid, the_table, privilege || passed_on)
                -- A grant on the column, even where it adds nothing to one on the table.
                OR passed_on = '' AND EXISTS (
                    SELECT FROM aclexplode(c.acl) AS x
                    WHERE x.grantee IN (r.oid, 0) AND x.privilege_type = privilege
                )
            )
    ),

    privileges (what, role, privileges) AS (
        SELECT o.what, r.rolname, coalesce(string_agg(h.privilege, ', ' ORDER BY h.privilege COLLATE "C"), 'none')
        FROM objects AS o
        CROSS JOIN roles AS r
        LEFT JOIN held AS h ON o.what = h.what AND r.rolname = h.role
        GROUP BY o.what, r.rolname
        UNION ALL
        -- What everybody else was granted.
        SELECT
            what,
            CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END,
            string_agg(DISTINCT privilege, ', ')
        FROM granted
        WHERE NOT is_owner AND grantee NOT IN (SELECT oid FROM roles)
        GROUP BY what, grantee
        UNION ALL
        SELECT
            o.what,
            'the owner',
            CASE WHEN count(g.privilege) = count(*) THEN 'all' ELSE coalesce(string_agg(g.privilege, ', '), 'none') END
        FROM objects AS o
        CROSS JOIN LATERAL aclexplode(acldefault(o.kind, o.owner)) AS x
        LEFT JOIN granted AS g ON o.what = g.what AND g.is_owner AND x.privilege_type = g.privilege
        WHERE x.grantee = o.owner
        GROUP BY o.what
    ),

    actual (clause, subject, fact) AS (
        SELECT
            'S1', 'the table''s kind',
            CASE relkind
                WHEN 'r' THEN 'ordinary'
                WHEN 'p' THEN 'partitioned by ' || pg_get_partkeydef(oid)
                ELSE format('of kind %s', relkind)
            END
            || ' and '
            || CASE relpersistence WHEN 'p' THEN 'permanent' WHEN 'u' THEN 'UNLOGGED' ELSE 'temporary' END
        FROM target_table
        UNION ALL
        SELECT
            'S1', 'the table''s owner',
            relowner::regrole || CASE relowner WHEN current_user::regrole THEN ', who asks' ELSE '' END
        FROM target_table
        UNION ALL
        SELECT 'S1', 'inheritance from ' || inhparent::regclass, 'there'
        FROM pg_catalog.pg_inherits
        WHERE inhrelid = the_table
        UNION ALL
        SELECT
            'S1',
            CASE WHEN c.relispartition THEN 'partition ' ELSE 'inheritance by ' END || c.oid::regclass,
            coalesce(pg_get_expr(c.relpartbound, c.oid), 'there')
        FROM pg_catalog.pg_inherits AS i
        INNER JOIN pg_catalog.pg_class AS c ON i.inhrelid = c.oid
        WHERE i.inhparent = the_table
        UNION ALL
        SELECT 'S1', 'rule ' || rulename, 'there'
        FROM pg_catalog.pg_rewrite
        WHERE ev_class = the_table
        UNION ALL
        SELECT 'S2', 'the order of the columns', string_agg(name, ', ' ORDER BY number)
        FROM columns
        UNION ALL
        SELECT 'S2', 'column ' || name, definition
        FROM columns
        UNION ALL
        SELECT
            'S2', 'the sequence of ' || q.column_name,
            format(
                '%s AS %s MINVALUE %s MAXVALUE %s INCREMENT %s%s',
                q.relname, format_type(s.seqtypid, NULL), s.seqmin, s.seqmax, s.seqincrement,
                CASE WHEN s.seqcycle THEN ' CYCLE' END
            )
        FROM sequences AS q
        INNER JOIN pg_catalog.pg_sequence AS s ON q.oid = s.seqrelid
        UNION ALL
        SELECT
            'S2', 'type ' || oid::regtype,
            CASE typtype
                WHEN 'e' THEN (
                    SELECT format('AS ENUM (%s)', string_agg(enumlabel, ', ' ORDER BY enumsortorder))
                    FROM pg_catalog.pg_enum
                    WHERE enumtypid = types.oid
                )
                ELSE
                    'AS ' || format_type(typbasetype, typtypmod)
                    || CASE WHEN typnotnull THEN ' NOT NULL' ELSE '' END
                    || coalesce(
                        (
                            SELECT
                                string_agg(
                                    format(' CONSTRAINT %s %s', conname, pg_get_constraintdef(oid)), ''
                                    ORDER BY conname
                                )
                            FROM pg_catalog.pg_constraint
                            WHERE contypid = types.oid AND contype = 'c'
                        ),
                        ''
                    )
            END
        FROM types
        WHERE typtype IN ('e', 'd')
        UNION ALL
        SELECT
            CASE WHEN contype IN ('p', 'u', 'x') THEN 'S3' ELSE 'S4' END,
            'constraint ' || conname,
            pg_get_constraintdef(oid)
        FROM pg_catalog.pg_constraint
        -- NOT NULL (n) stands with the column, a constraint trigger (t) with the triggers.
        -- A foreign key to a partitioned table has a constraint more for each partition.
        WHERE conrelid = the_table AND contype NOT IN ('n', 't') AND conparentid = 0
        UNION ALL
        SELECT
            'S3', 'index ' || c.relname,
            replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
            || CASE WHEN i.indisvalid AND i.indisready AND i.indislive THEN '' ELSE ', invalid' END
        FROM pg_catalog.pg_index AS i
        INNER JOIN pg_catalog.pg_class AS c ON i.indexrelid = c.oid
        WHERE i.indrelid = the_table
        UNION ALL
        -- The triggers of foreign keys, of this table and of others that refer to it, are internal.
        SELECT
            'S5', 'trigger ' || tgname,
            pg_get_triggerdef(oid)
            || CASE tgenabled
                WHEN 'O' THEN ', enabled'
                WHEN 'D' THEN ', DISABLED'
                WHEN 'A' THEN ', enabled ALWAYS'
                ELSE ', enabled on a REPLICA alone'
            END
        FROM pg_catalog.pg_trigger
        WHERE tgrelid = the_table AND NOT tgisinternal
        UNION ALL
        SELECT
            'S5', f.what,
            format(
                'LANGUAGE %s SECURITY %s%s, of %s',
                l.lanname,
                CASE WHEN f.prosecdef THEN 'DEFINER' ELSE 'INVOKER' END,
                ' SET ' || array_to_string(f.proconfig, ' SET '),
                CASE f.proowner WHEN t.relowner THEN 'the table''s owner' ELSE f.proowner::regrole::text END
            )
        FROM target_table AS t
        CROSS JOIN functions AS f
        INNER JOIN pg_catalog.pg_language AS l ON f.prolang = l.oid
        UNION ALL
        SELECT 'S6', 'row-level security', CASE WHEN relrowsecurity THEN 'enabled' ELSE 'disabled' END
        FROM target_table
        UNION ALL
        SELECT
            'S6', 'policy ' || policyname,
            format(
                'AS %s FOR %s TO %s', permissive, cmd,
                (SELECT string_agg(role, ', ' ORDER BY role COLLATE "C") FROM unnest(roles) AS named (role))
            )
        FROM pg_catalog.pg_policies
        WHERE format('%I.%I', schemaname, tablename) = the_table::text
        UNION ALL
        SELECT 'S7', 'the comment on the table', 'there'
        WHERE obj_description(the_table, 'pg_class') ~ '[[:alpha:]]'
        UNION ALL
        SELECT 'S7', 'the comment on column ' || name, 'there'
        FROM columns
        WHERE col_description(the_table, number) ~ '[[:alpha:]]'
        UNION ALL
        SELECT 'S8', format('what %s may do with %s', role, what), privileges
        FROM privileges
    ),

    facts (is_expected, clause, subject, fact, in_one_spelling) AS (
        SELECT
            f.*,
            regexp_replace(
                regexp_replace(f.fact, 'CURRENT_TIMESTAMP|transaction_timestamp\(\)', 'now()', 'g'),
                '\m(character_length|length)\(', 'char_length(', 'g'
            )
        FROM (
            SELECT true, clause, subject, fact FROM expected
            UNION ALL
            SELECT false, clause, subject, fact FROM actual
        ) AS f (is_expected, clause, subject, fact)
    ),

    compared AS (
        SELECT
            coalesce(e.clause, a.clause) AS clause,
            coalesce(e.subject, a.subject) AS subject,
            max(a.fact) AS is_now,
            string_agg(e.fact, ', or ' ORDER BY e.fact COLLATE "C") AS must_be,
            coalesce(bool_or(a.in_one_spelling = e.in_one_spelling), false) AS holds
        FROM (SELECT * FROM facts WHERE is_expected) AS e
        FULL JOIN (SELECT * FROM facts WHERE NOT is_expected) AS a ON e.clause = a.clause AND e.subject = a.subject
        -- A comment more is no fault.
        WHERE e.clause IS NOT NULL OR a.clause <> 'S7'
        GROUP BY 1, 2
    )

    SELECT
        count(*) FILTER (WHERE holds),
        array_agg(
            format(
                '%s: %s: %s; must be: %s',
                clause, subject, coalesce(is_now, 'not there'), coalesce(must_be, 'not there')
            )
            ORDER BY clause, subject
        ) FILTER (WHERE NOT holds)
    INTO checks_held, deviations
    FROM compared;

    -- What the policies let through, tried on rows that are in no table: their wording is free, what they do is not.
    FOR probe IN
        WITH rows (number, content) AS (
            VALUES
            (1, jsonb_build_object('email', 'ann@example.com', 'consented_at', now())),
            (2, jsonb_build_object('email', 'ann@example.com', 'consented_at', now() - interval '1 hour')),
            (3, jsonb_build_object('email', 'ann@example.com', 'consented_at', now() + interval '1 microsecond')),
            (
                4,
                jsonb_build_object('email', 'ann@example.com', 'consented_at', now() - interval '1 hour 1 microsecond')
            ),
            (5, jsonb_build_object('email', 'ann@example.com', 'consented_at', now() - interval '99 hours'))
        ),

        probes (clause, policy, what, must, headers, claims, row_number) AS (
            VALUES
            ('R6', 'sign_up_newsletter_signups', 'a consent of now', 'open', NULL, NULL, 1),
            ('R6', 'sign_up_newsletter_signups', 'a consent of an hour ago', 'open', NULL, NULL, 2),
            ('R6', 'sign_up_newsletter_signups', 'a consent in the future', 'closed', NULL, NULL, 3),
            ('R6', 'sign_up_newsletter_signups', 'an old consent', 'closed', NULL, NULL, 4),
            ('R3', 'service_role_newsletter_signups', 'any row', 'open', NULL, NULL, 5)
        )

        SELECT
            t.clause,
            t.policy,
            t.what,
            t.must,
            t.headers,
            t.claims,
            r.content,
            c.relname AS alias,
            -- What a policy does not say lets nothing through.
            coalesce(pg_get_expr(e.expression, p.polrelid), 'false') AS expression
        FROM probes AS t
        INNER JOIN rows AS r ON t.row_number = r.number
        INNER JOIN pg_catalog.pg_class AS c ON c.oid = the_table
        INNER JOIN pg_catalog.pg_policy AS p ON t.policy = p.polname AND c.oid = p.polrelid
        -- Old rows are held to USING; new ones to WITH CHECK, or to USING where there is none.
        CROSS JOIN LATERAL (
            VALUES
            ('{r,w,d,*}'::"char"[], p.polqual),
            ('{a,w,*}', coalesce(p.polwithcheck, p.polqual))
        ) AS e (commands, expression)
        WHERE p.polcmd = ANY(e.commands)
        -- A setting that was made once is empty afterwards, and never unset again.
        ORDER BY coalesce(t.headers, t.claims) IS NOT NULL
    LOOP
        BEGIN
            IF coalesce(probe.headers, probe.claims) IS NOT NULL THEN
                PERFORM
                    set_config('request.headers', coalesce(probe.headers, ''), true),
                    set_config('request.jwt.claims', coalesce(probe.claims, ''), true);
            END IF;
            EXECUTE format(
                'SELECT CASE WHEN %s THEN ''open'' ELSE ''closed'' END FROM jsonb_populate_record(NULL::%s, $1) AS %I',
                probe.expression, the_table, probe.alias
            ) INTO STRICT answer USING probe.content;
        EXCEPTION
            WHEN OTHERS THEN
                answer := 'error ' || SQLSTATE || ' (' || SQLERRM || ')';
        END;
        IF answer = probe.must THEN
            checks_held := checks_held + 1;
        ELSE
            deviations := deviations || format(
                '%s: policy %s, %s: %s; must be: %s', probe.clause, probe.policy, probe.what, answer, probe.must
            );
        END IF;
    END LOOP;

    IF deviations IS NOT NULL THEN
        RAISE EXCEPTION E'% breaks its contract; % checks held, these did not:\n  %',
            the_table, checks_held, array_to_string(deviations, E'\n  ')
        USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Nothing was changed. Apply what is not applied yet, or bring the table back by a migration of its own.';
    END IF;
    PERFORM set_config('verify.checks_held', checks_held::text, true);
END;
$verify$;

-- The one row with an answer, and the dashboard shows the last statement that has rows.
SELECT
    format(
        '%s keeps its contract: all %s checks held.',
        'public.newsletter_signups',
        current_setting('verify.checks_held')
    ) AS verified;

COMMIT;
