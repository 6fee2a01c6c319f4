-- Queues as tables, as of 1.5.1, which Supabase has: a message has headers. Source: pgmq/pgmq, its documentation of
-- functions and types.

CREATE TYPE pgmq.message_record AS (
    msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb, headers jsonb
);
CREATE TYPE pgmq.queue_record AS (
    queue_name varchar, is_partitioned boolean, is_unlogged boolean, created_at timestamptz
);
CREATE TABLE pgmq.meta (
    queue_name varchar NOT NULL UNIQUE,
    is_partitioned boolean NOT NULL,
    is_unlogged boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TYPE pgmq.metrics_result AS (
    queue_name text, queue_length bigint, newest_msg_age_sec integer, oldest_msg_age_sec integer,
    total_messages bigint, scrape_time timestamptz, queue_visible_length bigint
);

CREATE FUNCTION pgmq.format_table_name(queue_name text, prefix text) RETURNS text LANGUAGE sql AS $$
    SELECT lower(prefix || '_' || queue_name)
$$;
CREATE FUNCTION pgmq."create"(queue_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TABLE IF NOT EXISTS pgmq.%I (msg_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, read_ct int NOT NULL'
        ' DEFAULT 0, enqueued_at timestamptz NOT NULL DEFAULT now(), vt timestamptz NOT NULL, message jsonb,'
        ' headers jsonb)',
        'q_' || lower(queue_name)
    );
    EXECUTE format(
        'CREATE TABLE IF NOT EXISTS pgmq.%I (msg_id bigint PRIMARY KEY, read_ct int NOT NULL DEFAULT 0, enqueued_at'
        ' timestamptz NOT NULL DEFAULT now(), archived_at timestamptz NOT NULL DEFAULT now(), vt timestamptz NOT NULL,'
        ' message jsonb, headers jsonb)',
        'a_' || lower(queue_name)
    );
    INSERT INTO pgmq.meta (queue_name, is_partitioned, is_unlogged) VALUES (queue_name, false, false)
    ON CONFLICT DO NOTHING;
END
$$;
CREATE FUNCTION pgmq.create_non_partitioned(queue_name text) RETURNS void LANGUAGE sql AS $$
    SELECT pgmq."create"(queue_name)
$$;
CREATE FUNCTION pgmq.create_unlogged(queue_name text) RETURNS void LANGUAGE sql AS $$
    SELECT pgmq."create"(queue_name)
$$;
CREATE FUNCTION pgmq.drop_queue(queue_name text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS pgmq.%I, pgmq.%I', 'q_' || lower(queue_name), 'a_' || lower(queue_name));
    DELETE FROM pgmq.meta AS m WHERE m.queue_name = drop_queue.queue_name;
    RETURN found;
END
$$;
CREATE FUNCTION pgmq.list_queues() RETURNS SETOF pgmq.queue_record LANGUAGE sql AS $$
    SELECT m.queue_name, m.is_partitioned, m.is_unlogged, m.created_at FROM pgmq.meta AS m
$$;
CREATE FUNCTION pgmq.send(queue_name text, msg jsonb, headers jsonb, delay timestamptz) RETURNS SETOF bigint
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'INSERT INTO pgmq.%I (vt, message, headers) VALUES ($1, $2, $3) RETURNING msg_id', 'q_' || lower(queue_name)
    ) USING delay, msg, headers;
END
$$;
CREATE FUNCTION pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[], delay timestamptz)
RETURNS SETOF bigint LANGUAGE sql AS $$
    SELECT pgmq.send(queue_name, msg, header, delay) FROM unnest(msgs, headers) AS sent (msg, header)
$$;
-- Each of the two, with the headers or the delay left out, and with a delay in seconds.
DO $do$
DECLARE
    made text;
BEGIN
    FOREACH made IN ARRAY ARRAY[
        'send(queue_name text, msg jsonb, delay integer DEFAULT 0): msg, NULL::jsonb, later',
        'send(queue_name text, msg jsonb, delay timestamptz): msg, NULL::jsonb, delay',
        'send(queue_name text, msg jsonb, headers jsonb): msg, headers, clock_timestamp()',
        'send(queue_name text, msg jsonb, headers jsonb, delay integer): msg, headers, later',
        'send_batch(queue_name text, msgs jsonb[], delay integer DEFAULT 0): msgs, NULL::jsonb[], later',
        'send_batch(queue_name text, msgs jsonb[], delay timestamptz): msgs, NULL::jsonb[], delay',
        'send_batch(queue_name text, msgs jsonb[], headers jsonb[]): msgs, headers, clock_timestamp()',
        'send_batch(queue_name text, msgs jsonb[], headers jsonb[], delay integer): msgs, headers, later'
    ] LOOP
        EXECUTE format(
            'CREATE FUNCTION pgmq.%s RETURNS SETOF bigint LANGUAGE sql AS %L',
            split_part(made, ': ', 1),
            format(
                'SELECT pgmq.%s(queue_name, %s)',
                split_part(made, '(', 1),
                replace(split_part(made, ': ', 2), 'later', 'clock_timestamp() + make_interval(secs => delay)')
            )
        );
    END LOOP;
END
$do$;
CREATE FUNCTION pgmq.read(queue_name text, vt integer, qty integer, conditional jsonb DEFAULT '{}')
RETURNS SETOF pgmq.message_record LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'UPDATE pgmq.%1$I AS q SET vt = clock_timestamp() + make_interval(secs => $1), read_ct = read_ct + 1'
        ' WHERE msg_id IN (SELECT msg_id FROM pgmq.%1$I WHERE vt <= clock_timestamp() ORDER BY msg_id LIMIT $2)'
        ' RETURNING msg_id, read_ct, enqueued_at, q.vt, message, headers',
        'q_' || lower(queue_name)
    ) USING vt, qty;
END
$$;
CREATE FUNCTION pgmq.set_vt(queue_name text, msg_id bigint, vt integer) RETURNS SETOF pgmq.message_record
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'UPDATE pgmq.%I SET vt = clock_timestamp() + make_interval(secs => $1) WHERE msg_id = $2'
        ' RETURNING msg_id, read_ct, enqueued_at, vt, message, headers',
        'q_' || lower(queue_name)
    ) USING vt, msg_id;
END
$$;
CREATE FUNCTION pgmq.delete(queue_name text, msg_id bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    removed bigint;
BEGIN
    EXECUTE format('DELETE FROM pgmq.%I WHERE msg_id = $1', 'q_' || lower(queue_name)) USING msg_id;
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed > 0;
END
$$;
CREATE FUNCTION pgmq.archive(queue_name text, msg_id bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    moved bigint;
BEGIN
    EXECUTE format(
        'WITH gone AS (DELETE FROM pgmq.%I WHERE msg_id = $1 RETURNING msg_id, read_ct, enqueued_at, vt, message, headers)'
        ' INSERT INTO pgmq.%I (msg_id, read_ct, enqueued_at, vt, message, headers) SELECT * FROM gone',
        'q_' || lower(queue_name),
        'a_' || lower(queue_name)
    ) USING msg_id;
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved > 0;
END
$$;
CREATE FUNCTION pgmq.delete(queue_name text, msg_ids bigint[]) RETURNS SETOF bigint LANGUAGE sql AS $$
    SELECT msg_id FROM unnest(msg_ids) AS asked (msg_id) WHERE pgmq.delete(queue_name, msg_id)
$$;
CREATE FUNCTION pgmq.archive(queue_name text, msg_ids bigint[]) RETURNS SETOF bigint LANGUAGE sql AS $$
    SELECT msg_id FROM unnest(msg_ids) AS asked (msg_id) WHERE pgmq.archive(queue_name, msg_id)
$$;
SELECT extensions.without_effect(
    'pgmq',
    'pgmq.detach_archive(queue_name text) RETURNS void',
    'pgmq.metrics(queue_name text) RETURNS pgmq.metrics_result',
    'pgmq.metrics_all() RETURNS SETOF pgmq.metrics_result',
    'pgmq.read_with_poll(queue_name text, vt integer, qty integer, max_poll_seconds integer DEFAULT 5,'
    ' poll_interval_ms integer DEFAULT 100, conditional jsonb DEFAULT ''{}'') RETURNS SETOF pgmq.message_record',
    'pgmq.pop(queue_name text) RETURNS SETOF pgmq.message_record',
    'pgmq.purge_queue(queue_name text) RETURNS bigint',
    'pgmq.create_partitioned(queue_name text, partition_interval text DEFAULT ''10000'','
    ' retention_interval text DEFAULT ''100000'') RETURNS void'
);
GRANT ALL ON SCHEMA pgmq TO postgres WITH GRANT OPTION;
GRANT ALL ON ALL TABLES IN SCHEMA pgmq TO postgres WITH GRANT OPTION;
