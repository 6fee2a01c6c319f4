-- finds: SQLSTATE 54001|memory exhausted
-- Runs a statement that nests too deeply, where nobody could read it before.
DO $$ BEGIN EXECUTE 'SELECT 1' || repeat('+1', 1000000); END $$;
