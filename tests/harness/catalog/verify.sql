-- Verifies a live database after the last migration: does it hold this table as its contract says (S1 to S8)?
--     @table@
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
    the_table regclass := to_regclass(@table_literal@);
    checks_held integer;
    deviations text[];
    probe record;
    answer text;
BEGIN
    IF the_table IS NULL THEN
        RAISE EXCEPTION 'S1: there is no table %.', @table_literal@
        USING ERRCODE = 'undefined_table';
    END IF;

    -- What the contract says, as the catalog prints it; a fact that stands here twice may be so or so.
    WITH expected (clause, subject, fact) AS (
        VALUES
        ('S1', 'the table''s owner', format('%I, who asks', current_user)),
@expected@
    ),

@facts@,

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
@policies@    IF deviations IS NOT NULL THEN
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
        @table_literal@,
        current_setting('verify.checks_held')
    ) AS verified;

COMMIT;
