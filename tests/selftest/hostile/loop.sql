-- Loops for ever.
DO $$ BEGIN LOOP NULL; END LOOP; END $$;
