-- finds: does not apply a second time.*still at work when the file had had 1 s, and was ended
-- Applies well, and loops when it is run again.
DO $$ BEGIN
    IF to_regclass('public.been_here') IS NOT NULL THEN LOOP NULL; END LOOP; END IF;
END $$;
CREATE TABLE IF NOT EXISTS public.been_here (id integer);
