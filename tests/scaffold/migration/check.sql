
-- A constraint has no IF NOT EXISTS.
DO $constraint$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = '@schema@.@table@'::regclass AND conname = '@column@_check'
    ) THEN
        ALTER TABLE @schema@.@table@
        ADD CONSTRAINT @column@_check CHECK (@expression@) NOT VALID;
    END IF;
EXCEPTION
    -- Where the column stands there with another type.
    WHEN syntax_error_or_access_rule_violation OR data_exception THEN
        RAISE EXCEPTION 'constraint @column@_check on @schema@.@table@ does not fit the column: %', sqlerrm;
END;
$constraint$;
-- blocks: the column is new, so this reads the table through once. Say how many rows there are, and why that may be.
ALTER TABLE @schema@.@table@ VALIDATE CONSTRAINT @column@_check;
