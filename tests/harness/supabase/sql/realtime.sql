-- Schema realtime: what Broadcast and Presence are authorized by, and send, as supabase_admin.
-- Source: supabase/realtime, lib/realtime/tenants/repo/migrations.

CREATE TYPE realtime.action AS ENUM ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'ERROR');
CREATE TYPE realtime.equality_op AS ENUM ('eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in');
CREATE TYPE realtime.user_defined_filter AS (column_name text, op realtime.equality_op, value text);

CREATE TABLE realtime.messages (
    topic text NOT NULL,
    extension text NOT NULL,
    payload jsonb,
    event text,
    private boolean DEFAULT false,
    updated_at timestamp NOT NULL DEFAULT now(),
    inserted_at timestamp NOT NULL DEFAULT now(),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    CONSTRAINT messages_pkey PRIMARY KEY (id, inserted_at)
) PARTITION BY RANGE (inserted_at);
-- On the platform there is one for each day.
CREATE TABLE realtime.messages_every_day PARTITION OF realtime.messages FOR VALUES FROM (minvalue) TO (maxvalue);
ALTER TABLE realtime.messages ENABLE ROW LEVEL SECURITY;

CREATE TABLE realtime.subscription (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_subscription PRIMARY KEY,
    subscription_id uuid NOT NULL,
    entity regclass NOT NULL,
    filters realtime.user_defined_filter[] NOT NULL DEFAULT '{}',
    claims jsonb NOT NULL,
    claims_role regrole NOT NULL,
    created_at timestamp NOT NULL DEFAULT timezone('utc', now())
);
CREATE TABLE realtime.schema_migrations (version bigint NOT NULL, inserted_at timestamp);

CREATE FUNCTION realtime.topic() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('realtime.topic', true), '')
$$;
CREATE FUNCTION realtime.send(payload jsonb, event text, topic text, private boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('realtime.topic', topic, true);
    INSERT INTO realtime.messages (payload, event, topic, private, extension)
    VALUES (payload, event, topic, private, 'broadcast');
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'ErrorSendingBroadcastMessage: %', sqlerrm;
END
$$;
CREATE FUNCTION realtime.broadcast_changes(
    topic_name text,
    event_name text,
    operation text,
    table_name text,
    table_schema text,
    new record,
    old record,
    level text DEFAULT 'ROW'
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF level = 'STATEMENT' THEN
        RAISE EXCEPTION 'function can only be triggered for each row, not for each statement';
    END IF;
    PERFORM realtime.send(
        jsonb_build_object(
            'operation', operation, 'table', table_name, 'schema', table_schema,
            'record', to_jsonb(new), 'old_record', to_jsonb(old)
        ),
        event_name,
        topic_name
    );
END
$$;

GRANT ALL ON ALL TABLES IN SCHEMA realtime TO postgres, dashboard_user;
GRANT SELECT ON realtime.subscription, realtime.schema_migrations TO anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE ON realtime.messages TO anon, authenticated, service_role;
ALTER TABLE realtime.messages OWNER TO supabase_realtime_admin;
GRANT USAGE ON SCHEMA realtime TO supabase_realtime_admin;
