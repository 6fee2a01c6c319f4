-- The catalog of one database, and the roles of its server, as (subject, fact): whatever a person could have
-- written in SQL, and nothing that a second run would give another value (OIDs, files, counters).
-- Of the platform's own schemas, whose objects no migration can alter: what may be added to a table (policies, triggers,
-- privileges), and no more.
-- Columns that only some versions have are read through to_jsonb, so that one text serves them all.
-- Names are in the catalog's own spelling: read it with an empty search_path.

WITH user_schema AS (
    SELECT * FROM pg_namespace
    WHERE
        nspname !~ '^pg_' AND nspname <> 'information_schema'
        -- The bookkeeping of a delivery tool.
        AND nspname <> 'supabase_migrations'
        AND (nspname = 'public' OR nspowner <> 'supabase_admin'::regrole)
),

-- The tables of the platform's schemas.
platform_table AS (
    SELECT c.oid, c.oid::regclass::text AS name, c.relacl
    FROM pg_class AS c
    INNER JOIN pg_namespace AS s ON c.relnamespace = s.oid
    WHERE
        c.relkind IN ('r', 'p') AND s.nspowner = 'supabase_admin'::regrole
        AND s.nspname !~ '^pg_' AND s.nspname NOT IN ('public', 'information_schema')
),

relation AS (
    SELECT
        c.*,
        to_jsonb(c) AS all_of_it,
        c.oid::regclass::text AS name,
        CASE c.relkind
            WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
            WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'composite type'
            WHEN 'i' THEN 'index' WHEN 'I' THEN 'index'
        END AS kind
    FROM pg_class AS c
    INNER JOIN user_schema AS s ON c.relnamespace = s.oid
    WHERE c.relkind <> 't'
),

changeable_table AS (
    SELECT oid, name FROM relation
    UNION ALL
    SELECT oid, name FROM platform_table
),

owned (subject, class, owner, acl, acl_kind) AS (
    SELECT 'schema ' || quote_ident(nspname), 'schema', nspowner, nspacl, 'n'::"char" FROM user_schema
    UNION ALL
    SELECT kind || ' ' || name, kind, relowner, relacl, CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END
    FROM relation WHERE kind <> 'index' AND kind <> 'composite type'
    UNION ALL
    SELECT 'function ' || p.oid::regprocedure::text, 'function', p.proowner, p.proacl, 'f'::"char"
    FROM pg_proc AS p INNER JOIN user_schema AS s ON p.pronamespace = s.oid
    UNION ALL
    SELECT 'type ' || format_type(t.oid, NULL), 'type', t.typowner, t.typacl, 'T'::"char"
    FROM pg_type AS t INNER JOIN user_schema AS s ON t.typnamespace = s.oid
    -- A table's row type and the arrays come and go with their element.
    WHERE t.typcategory <> 'A' AND (t.typrelid = 0 OR t.typrelid IN (SELECT oid FROM relation WHERE relkind = 'c'))
    UNION ALL
    SELECT 'database', 'database', datdba, datacl, 'd'::"char" FROM pg_database WHERE datname = current_database()
    UNION ALL
    SELECT 'language ' || quote_ident(lanname), 'language', lanowner, lanacl, 'l'::"char" FROM pg_language
    UNION ALL
    SELECT 'schema pg_catalog', 'schema', nspowner, nspacl, 'n'::"char" FROM pg_namespace WHERE nspname = 'pg_catalog'
),

fact (subject, fact) AS (
    SELECT subject, 'owner: ' || pg_get_userbyid(owner) FROM owned
    UNION ALL
    -- What NULL stands for is written out: a privilege is the same, however it came to be.
    SELECT o.subject, 'privilege: ' || item::text
    FROM owned AS o CROSS JOIN LATERAL unnest(coalesce(o.acl, acldefault(o.acl_kind, o.owner))) AS item
    UNION ALL
    SELECT 'table ' || name, 'privileges: ' || relacl::text FROM platform_table
    UNION ALL
    SELECT
        r.kind || ' ' || r.name,
        concat_ws(
            '; ',
            'relation: of kind ' || r.relkind::text,
            'persistence ' || r.relpersistence::text,
            'row security ' || r.relrowsecurity::text,
            'forced ' || r.relforcerowsecurity::text,
            'replica identity ' || r.relreplident::text,
            'access method ' || (SELECT amname FROM pg_am WHERE oid = r.relam),
            'tablespace ' || (SELECT spcname FROM pg_tablespace WHERE oid = r.reltablespace),
            'options ' || r.reloptions::text,
            'of type ' || nullif(r.reloftype, 0)::regtype::text,
            'partitioned ' || pg_get_partkeydef(r.oid),
            'partition ' || pg_get_expr(r.relpartbound, r.oid),
            'overflow options ' || (SELECT t.reloptions::text FROM pg_class AS t WHERE t.oid = r.reltoastrelid)
        )
    FROM relation AS r
    UNION ALL
    SELECT 'table ' || inhrelid::regclass::text, format('inherits: %s %s', inhseqno, inhparent::regclass)
    FROM pg_inherits WHERE inhrelid IN (SELECT oid FROM relation)
    UNION ALL
    SELECT kind || ' ' || name, 'definition: ' || pg_get_viewdef(oid) FROM relation WHERE relkind IN ('v', 'm')
    UNION ALL
    SELECT
        'sequence ' || r.name,
        format(
            'parameters: %s from %s by %s, %s to %s, cache %s, cycle %s', format_type(q.seqtypid, NULL), q.seqstart,
            q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle
        )
    FROM pg_sequence AS q INNER JOIN relation AS r ON q.seqrelid = r.oid
    UNION ALL
    SELECT
        'sequence ' || r.name,
        format('owned: by %s.%s (%s)', d.refobjid::regclass, quote_ident(a.attname), d.deptype)
    FROM relation AS r
    INNER JOIN pg_depend AS d ON r.oid = d.objid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    INNER JOIN pg_attribute AS a ON d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
    WHERE r.relkind = 'S' AND d.refclassid = 'pg_class'::regclass
    UNION ALL
    SELECT
        format('column %s.%s', r.name, quote_ident(a.attname)),
        concat_ws(
            ' ',
            -- A column that was dropped leaves a number behind, which nobody can see.
            'column: ' || row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum),
            format_type(a.atttypid, a.atttypmod),
            'COLLATE ' || CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
            CASE WHEN a.attnotnull THEN 'NOT NULL' END,
            'IDENTITY ' || nullif(a.attidentity::text, ''),
            'GENERATED ' || nullif(a.attgenerated::text, ''),
            'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid),
            'storage ' || a.attstorage::text,
            'compression ' || nullif(to_jsonb(a) ->> 'attcompression', ''),
            -- Unset is -1 until PostgreSQL 16, and NULL since.
            'statistics ' || nullif(to_jsonb(a) ->> 'attstattarget', '-1'),
            'options ' || a.attoptions::text
        )
    FROM relation AS r
    INNER JOIN pg_attribute AS a ON r.oid = a.attrelid AND a.attnum > 0 AND NOT a.attisdropped
    INNER JOIN pg_type AS t ON a.atttypid = t.oid
    LEFT JOIN pg_attrdef AS d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE r.kind <> 'index' AND r.kind <> 'sequence'
    UNION ALL
    SELECT format('column %s.%s', r.name, quote_ident(a.attname)), 'privilege: ' || item::text
    FROM relation AS r
    INNER JOIN pg_attribute AS a ON r.oid = a.attrelid AND NOT a.attisdropped
    CROSS JOIN LATERAL unnest(a.attacl) AS item
    UNION ALL
    SELECT
        format('constraint %s on %s', quote_ident(c.conname), coalesce(r.name, format_type(c.contypid, NULL))),
        format(
            'constraint: %s; validated %s, local %s, inherited %s, not inheritable %s', pg_get_constraintdef(c.oid),
            c.convalidated, c.conislocal, c.coninhcount, c.connoinherit
        )
    FROM pg_constraint AS c
    INNER JOIN user_schema AS s ON c.connamespace = s.oid
    LEFT JOIN relation AS r ON c.conrelid = r.oid
    UNION ALL
    SELECT
        'index ' || i.indexrelid::regclass::text,
        format(
            'index: %s; valid %s, ready %s, live %s, replica identity %s, clustered %s', pg_get_indexdef(i.indexrelid),
            i.indisvalid, i.indisready, i.indislive, i.indisreplident, i.indisclustered
        )
    FROM pg_index AS i INNER JOIN relation AS r ON i.indrelid = r.oid
    UNION ALL
    SELECT
        CASE
            -- A foreign key's own triggers are named after OIDs.
            WHEN g.tgisinternal THEN format('triggers of %s on %s', quote_ident(k.conname), r.name)
            ELSE format('trigger %s on %s', quote_ident(g.tgname), r.name)
        END,
        format(
            'trigger: %s; enabled %s', CASE WHEN g.tgisinternal THEN g.tgtype::text ELSE pg_get_triggerdef(g.oid) END,
            g.tgenabled
        )
    FROM pg_trigger AS g
    INNER JOIN changeable_table AS r ON g.tgrelid = r.oid
    LEFT JOIN pg_constraint AS k ON g.tgconstraint = k.oid
    UNION ALL
    SELECT
        format('rule %s on %s', quote_ident(w.rulename), r.name),
        format('rule: %s; enabled %s', pg_get_ruledef(w.oid), w.ev_enabled)
    FROM pg_rewrite AS w INNER JOIN relation AS r ON w.ev_class = r.oid
    WHERE w.rulename <> '_RETURN'
    UNION ALL
    SELECT
        format('policy %s on %s', quote_ident(p.polname), r.name),
        concat_ws(
            ' ',
            format('policy: permissive %s, command %s, to', p.polpermissive, p.polcmd),
            (
                SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(role) END, ', ' ORDER BY role)
                FROM unnest(p.polroles) AS role
            ),
            'USING ' || pg_get_expr(p.polqual, p.polrelid),
            'WITH CHECK ' || pg_get_expr(p.polwithcheck, p.polrelid)
        )
    FROM pg_policy AS p INNER JOIN changeable_table AS r ON p.polrelid = r.oid
    UNION ALL
    SELECT
        'function ' || p.oid::regprocedure::text,
        'definition: '
        || CASE
            WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid)
            ELSE (
                SELECT
                    (to_jsonb(g) - 'aggfnoid' || jsonb_build_object(
                        'aggtranstype', format_type(g.aggtranstype, NULL),
                        'aggmtranstype', format_type(nullif(g.aggmtranstype, 0), NULL),
                        'aggsortop', g.aggsortop::regoperator::text
                    ))::text
                FROM pg_aggregate AS g WHERE g.aggfnoid = p.oid
            )
        END
    FROM pg_proc AS p
    INNER JOIN user_schema AS s ON p.pronamespace = s.oid
    UNION ALL
    SELECT
        'type ' || format_type(t.oid, NULL),
        concat_ws(
            ' ',
            'type: of kind ' || t.typtype::text,
            'over ' || format_type(nullif(t.typbasetype, 0), t.typtypmod),
            'over ' || (SELECT format_type(g.rngsubtype, NULL) FROM pg_range AS g WHERE g.rngtypid = t.oid),
            CASE WHEN t.typnotnull THEN 'NOT NULL' END,
            'DEFAULT ' || t.typdefault,
            (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
            FROM pg_enum AS e WHERE e.enumtypid = t.oid)
        )
    FROM pg_type AS t INNER JOIN user_schema AS s ON t.typnamespace = s.oid
    WHERE t.typtype <> 'c' AND t.typcategory <> 'A'
    UNION ALL
    SELECT
        'default privileges',
        format(
            'of %s in schema %s on %s: %s', pg_get_userbyid(d.defaclrole),
            CASE d.defaclnamespace WHEN 0 THEN '(all)' ELSE d.defaclnamespace::regnamespace::text END, d.defaclobjtype,
            item
        )
    FROM pg_default_acl AS d CROSS JOIN LATERAL unnest(d.defaclacl) AS item
    UNION ALL
    SELECT 'extension ' || quote_ident(extname), format('extension: %s in %s', extversion, extnamespace::regnamespace)
    FROM pg_extension
    UNION ALL
    SELECT
        'event trigger ' || quote_ident(evtname),
        format(
            'event trigger: on %s by %s, enabled %s, tags %s, owner %s', evtevent, evtfoid::regprocedure, evtenabled,
            evttags, pg_get_userbyid(evtowner)
        )
    FROM pg_event_trigger
    UNION ALL
    SELECT 'publication ' || quote_ident(p.pubname), 'publication: ' || (to_jsonb(p) - '{oid,pubname,pubowner}'::text [])::text
    FROM pg_publication AS p
    UNION ALL
    SELECT 'publication ' || quote_ident(pubname), format('publishes: %I.%I', schemaname, tablename)
    FROM pg_publication_tables
    UNION ALL
    SELECT 'role ' || quote_ident(r.rolname), 'role: ' || (to_jsonb(r) - '{oid,rolname,rolpassword,rolconfig}'::text [])::text
    FROM pg_roles AS r WHERE r.rolname !~ '^pg_'
    UNION ALL
    SELECT
        'role ' || quote_ident(pg_get_userbyid(m.roleid)),
        format(
            'member: %s, by %s %s', pg_get_userbyid(m.member), pg_get_userbyid(m.grantor),
            to_jsonb(m) - '{oid,roleid,member,grantor}'::text []
        )
    FROM pg_auth_members AS m
    UNION ALL
    SELECT
        concat_ws(
            ' in the ', 'settings of ' || CASE s.setrole WHEN 0 THEN 'everybody' ELSE pg_get_userbyid(s.setrole) END,
            CASE WHEN s.setdatabase <> 0 THEN 'database' END
        ),
        'setting: ' || item
    FROM pg_db_role_setting AS s CROSS JOIN LATERAL unnest(s.setconfig) AS item
    WHERE s.setdatabase = 0 OR s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL
    SELECT 'large object', 'large object: ' || to_jsonb(l)::text FROM pg_largeobject_metadata AS l
    UNION ALL
    -- The rarer kinds, by name alone: a migration that makes one is seen to.
    SELECT named.type || ' ' || named.identity, 'exists'
    FROM (
        SELECT 'pg_cast'::regclass AS class, oid FROM pg_cast
        UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator
        UNION ALL SELECT 'pg_opclass'::regclass, oid FROM pg_opclass
        UNION ALL SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily
        UNION ALL SELECT 'pg_am'::regclass, oid FROM pg_am
        UNION ALL SELECT 'pg_collation'::regclass, oid FROM pg_collation
        UNION ALL SELECT 'pg_conversion'::regclass, oid FROM pg_conversion
        UNION ALL SELECT 'pg_language'::regclass, oid FROM pg_language
        UNION ALL SELECT 'pg_transform'::regclass, oid FROM pg_transform
        UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
        UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
        UNION ALL SELECT 'pg_user_mapping'::regclass, umid FROM pg_user_mappings
        UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext
        UNION ALL SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config
        UNION ALL SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict
        UNION ALL SELECT 'pg_ts_parser'::regclass, oid FROM pg_ts_parser
        UNION ALL SELECT 'pg_ts_template'::regclass, oid FROM pg_ts_template
    ) AS rare
    CROSS JOIN LATERAL pg_identify_object(rare.class, rare.oid, 0) AS named
    -- FirstNormalObjectId: initdb's own are below.
    WHERE rare.oid >= 16384
    UNION ALL
    SELECT named.type || ' ' || named.identity, 'comment: ' || d.description
    FROM pg_description AS d
    CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) AS named
    WHERE d.objoid >= 16384 OR (d.classoid = 'pg_namespace'::regclass AND d.objoid IN (SELECT oid FROM user_schema))
    UNION ALL
    SELECT named.type || ' ' || named.identity, 'label: ' || l.provider || ' ' || l.label
    FROM pg_seclabel AS l CROSS JOIN LATERAL pg_identify_object(l.classoid, l.objoid, l.objsubid) AS named
    UNION ALL
    SELECT 'role ' || pg_get_userbyid(objoid), 'comment: ' || description
    FROM pg_shdescription WHERE classoid = 'pg_authid'::regclass
)

SELECT subject || ' · ' || fact FROM fact ORDER BY subject COLLATE "C", fact COLLATE "C"
