
-- A constraint has no IF NOT EXISTS.
DO $constraint$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = '{schema}.{table}'::regclass AND conname = '{column}_check'
    ) THEN
        ALTER TABLE {schema}.{table}
        ADD CONSTRAINT {column}_check CHECK ({expression}) NOT VALID;
    END IF;
END;
$constraint$;
-- blocks: the column is new, so this reads the table through once. Say how many rows there are, and why that may be.
ALTER TABLE {schema}.{table} VALIDATE CONSTRAINT {column}_check;
