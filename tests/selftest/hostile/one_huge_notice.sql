-- Raises one huge notice.
DO $$ BEGIN RAISE NOTICE '%', repeat('x', 20000000); END $$;
