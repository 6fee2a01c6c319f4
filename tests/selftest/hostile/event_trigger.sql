-- finds: SQLSTATE 42501
-- Waits for what a superuser defines, to act with its rights.
CREATE FUNCTION act() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN ALTER ROLE postgres SUPERUSER; END';
CREATE EVENT TRIGGER act ON ddl_command_end EXECUTE FUNCTION act();
