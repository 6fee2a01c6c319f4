-- finds: sleep_that_catches_its_end\.sql:3:.*still at work when the file had had 1 s, and was ended
-- Sleeps, and catches every attempt to cancel it.
CREATE TABLE before_it (id integer);
DO $$ BEGIN LOOP
    BEGIN PERFORM pg_sleep(3600); EXCEPTION WHEN OTHERS OR query_canceled THEN NULL; END;
END LOOP; END $$;
