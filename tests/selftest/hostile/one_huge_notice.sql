-- finds: sends more than 16 MB of rows and messages
-- Raises one huge notice.
DO $$ BEGIN RAISE NOTICE '%', repeat('x', 20000000); END $$;
