-- The event triggers that tell PostgREST to read the schema anew. Clause I10 is tried without them
-- (upgrade/support/notifications.py).
-- Source: supabase/postgres, migrations/db, update_pgrst_watch_triggers; PostgREST, Schema Cache Reloading.

CREATE FUNCTION extensions.pgrst_ddl_watch() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_event_trigger_ddl_commands() AS c
        WHERE
            (
                c.command_tag ~ '^(CREATE|ALTER) (SCHEMA|(FOREIGN )?TABLE|(MATERIALIZED )?VIEW|FUNCTION|TYPE)$'
                OR c.command_tag IN ('CREATE TABLE AS', 'SELECT INTO', 'CREATE RULE', 'COMMENT')
            )
            AND coalesce(c.schema_name, '') NOT IN ('pg_temp', 'auth', 'realtime', '_realtime', 'storage')
            OR c.command_tag = 'CREATE TRIGGER' AND c.object_identity NOT LIKE '% pg\_temp.%'
    ) THEN
        NOTIFY pgrst, 'reload schema';
    END IF;
END
$$;
CREATE FUNCTION extensions.pgrst_drop_watch() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_event_trigger_dropped_objects() AS d
        WHERE
            d.object_type ~ '^(schema|(foreign )?table|(materialized )?view|function|type|rule)$'
            AND NOT d.is_temporary
            AND coalesce(d.schema_name, '') NOT IN ('auth', 'realtime', '_realtime', 'storage')
            OR d.object_type = 'trigger' AND d.object_identity NOT LIKE '% pg\_temp.%'
    ) THEN
        NOTIFY pgrst, 'reload schema';
    END IF;
END
$$;
CREATE EVENT TRIGGER pgrst_ddl_watch ON ddl_command_end -- noqa: PRS
EXECUTE FUNCTION extensions.pgrst_ddl_watch();
CREATE EVENT TRIGGER pgrst_drop_watch ON sql_drop EXECUTE FUNCTION extensions.pgrst_drop_watch();
