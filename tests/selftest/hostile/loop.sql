-- finds: still at work when the file had had 1 s, and was ended
-- Loops for ever.
DO $$ BEGIN LOOP NULL; END LOOP; END $$;
