-- finds: still at work when the file had had 1 s, and was ended
-- Loops when it commits.
CREATE FUNCTION loops() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN LOOP NULL; END LOOP; END';
CREATE TABLE deferred (id integer);
CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON deferred DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION loops();
INSERT INTO deferred VALUES (1);
