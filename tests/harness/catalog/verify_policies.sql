
    -- What the policies let through, tried on rows that are in no table: their wording is free, what they do is not.
    FOR probe IN
        WITH rows (number, content) AS (
            VALUES
@rows@
        ),

        probes (clause, policy, what, must, headers, claims, row_number) AS (
            VALUES
@probes@
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

