-- UUIDs by the names of uuid-ossp. Those of the time are random here, but for the digit that says what they are.
-- Source: the documentation of uuid-ossp, in PostgreSQL's.

CREATE FUNCTION uuid_nil() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT '00000000-0000-0000-0000-000000000000'::uuid
$$;
CREATE FUNCTION uuid_ns_dns() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid
$$;
CREATE FUNCTION uuid_ns_url() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::uuid
$$;
CREATE FUNCTION uuid_ns_oid() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::uuid
$$;
CREATE FUNCTION uuid_ns_x500() RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT '6ba7b814-9dad-11d1-80b4-00c04fd430c8'::uuid
$$;
CREATE FUNCTION uuid_generate_v4() RETURNS uuid LANGUAGE sql VOLATILE STRICT PARALLEL SAFE AS $$
    SELECT pg_catalog.gen_random_uuid()
$$;
CREATE FUNCTION uuid_generate_v1() RETURNS uuid LANGUAGE sql VOLATILE STRICT PARALLEL SAFE AS $$
    SELECT overlay(pg_catalog.gen_random_uuid()::text PLACING '1' FROM 15)::uuid
$$;
CREATE FUNCTION uuid_generate_v1mc() RETURNS uuid LANGUAGE sql VOLATILE STRICT PARALLEL SAFE AS $$
    SELECT overlay(pg_catalog.gen_random_uuid()::text PLACING '1' FROM 15)::uuid
$$;
CREATE FUNCTION uuid_generate_v3(namespace uuid, name text) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT encode(set_byte(set_byte(hash, 6, (get_byte(hash, 6) & 15) | 48), 8, (get_byte(hash, 8) & 63) | 128), 'hex')::uuid
    FROM decode(md5(uuid_send(namespace) || convert_to(name, 'UTF8')), 'hex') AS named (hash)
$$;

SELECT extensions.without_effect('uuid-ossp', 'uuid_generate_v5(namespace uuid, name text) RETURNS uuid IMMUTABLE');
