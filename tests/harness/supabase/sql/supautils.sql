-- What postgres may do with the tables of auth, storage and realtime, without owning them: policies and triggers, and
-- whatever is granted. On the platform supautils lets it do these; here it is a member of the owners, and this refuses
-- it the rest, as PostgreSQL would refuse one who is no owner.
-- Source: supabase/supautils, README (policy_grants, drop_trigger_grants); supabase/postgres, supautils.conf.

CREATE FUNCTION extensions.refuse_ddl_of_the_platform() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    command record;
BEGIN
    IF pg_has_role(session_user, 'supabase_admin', 'USAGE') THEN
        RETURN;
    END IF;
    FOR command IN
        SELECT object_type, object_identity FROM pg_event_trigger_ddl_commands()
        WHERE
            (object_type NOT IN ('trigger', 'policy') AND schema_name IN ('auth', 'storage', 'realtime'))
            OR (command_tag = 'COMMENT' AND object_identity ~ ' on (auth|storage|realtime)\.')
    LOOP
        RAISE insufficient_privilege USING
            MESSAGE = format('must be owner of %s %s', command.object_type, command.object_identity),
            HINT = 'It is the platform''s: a migration may make policies and triggers on it, and refer to it.';
    END LOOP;
END
$$;
CREATE EVENT TRIGGER refuse_ddl_of_the_platform ON ddl_command_end -- noqa: PRS
WHEN TAG IN (
    'ALTER DOMAIN', 'ALTER FUNCTION', 'ALTER INDEX', 'ALTER PROCEDURE', 'ALTER SEQUENCE', 'ALTER TABLE', 'ALTER TYPE',
    'COMMENT', 'CREATE INDEX', 'CREATE RULE'
)
EXECUTE FUNCTION extensions.refuse_ddl_of_the_platform();
ALTER EVENT TRIGGER refuse_ddl_of_the_platform ENABLE ALWAYS;

CREATE FUNCTION extensions.refuse_drops_of_the_platform() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    dropped record;
BEGIN
    IF pg_has_role(session_user, 'supabase_admin', 'USAGE') THEN
        RETURN;
    END IF;
    FOR dropped IN
        SELECT object_type, object_identity FROM pg_event_trigger_dropped_objects()
        WHERE schema_name IN ('auth', 'storage', 'realtime') AND object_type NOT IN ('trigger', 'policy')
    LOOP
        RAISE insufficient_privilege USING
            MESSAGE = format('must be owner of %s %s', dropped.object_type, dropped.object_identity),
            HINT = 'It is the platform''s: a migration may make policies and triggers on it, and refer to it.';
    END LOOP;
END
$$;
CREATE EVENT TRIGGER refuse_drops_of_the_platform ON sql_drop
EXECUTE FUNCTION extensions.refuse_drops_of_the_platform();
ALTER EVENT TRIGGER refuse_drops_of_the_platform ENABLE ALWAYS;
