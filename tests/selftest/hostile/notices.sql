-- finds: sends more than 16 MB of rows and messages
-- Raises notices without an end.
DO $$ BEGIN LOOP RAISE NOTICE '%', repeat('x', 10000); END LOOP; END $$;
