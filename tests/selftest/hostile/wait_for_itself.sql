-- finds: still at work when the file had had 1 s, and was ended
-- Waits for a lock that another session of its own would have to give back.
CREATE TABLE waits (id integer);
DO $$ BEGIN WHILE (SELECT count(*) = 0 FROM waits) LOOP PERFORM pg_sleep(0.01); END LOOP; END $$;
