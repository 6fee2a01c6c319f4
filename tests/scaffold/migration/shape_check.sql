DO $check$
DECLARE
    differences text;
BEGIN
    -- For the rest of the transaction: names are printed with their schema.
    PERFORM pg_catalog.set_config('search_path', '', true);

    WITH expected (object, definition) AS (
        VALUES
@rows@
    ),

@facts@

    SELECT
        string_agg(
            format(
                '  %s: %s, must be: %s',
                object, coalesce(a.definition, 'missing'), coalesce(e.definition, 'not there')
            ),
            E'\n' ORDER BY object
        )
    INTO differences
    FROM expected AS e @join@ JOIN actual AS a USING (object)
    WHERE e.definition IS DISTINCT FROM a.definition@unexpected@;

    IF differences IS NOT NULL THEN
        RAISE EXCEPTION E'what this migration makes stands here in another shape; nothing was changed:\n%', differences
        USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Bring it to this shape by a migration of its own, or move it away, then run this again.';
    END IF;
END;
$check$
