-- Applies well, and loops when it is run again.
DO $$ BEGIN
    IF to_regclass('public.been_here') IS NOT NULL THEN LOOP NULL; END LOOP; END IF;
END $$;
CREATE TABLE IF NOT EXISTS public.been_here (id integer);
