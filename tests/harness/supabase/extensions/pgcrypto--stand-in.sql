-- What PostgreSQL has in its core, by the names of pgcrypto; SHA-1 and ciphers it has not. What crypt() returns has the
-- form of bcrypt's, and is the same for the same password and salt: no more than that.
-- Source: the documentation of pgcrypto, in PostgreSQL's.

CREATE FUNCTION digest(data bytea, type text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    CASE lower(type)
        WHEN 'md5' THEN RETURN pg_catalog.decode(pg_catalog.md5(data), 'hex');
        WHEN 'sha224' THEN RETURN pg_catalog.sha224(data);
        WHEN 'sha256' THEN RETURN pg_catalog.sha256(data);
        WHEN 'sha384' THEN RETURN pg_catalog.sha384(data);
        WHEN 'sha512' THEN RETURN pg_catalog.sha512(data);
        WHEN 'sha1' THEN
            RAISE feature_not_supported USING
                MESSAGE = 'pgcrypto.digest of type sha1 is a stand-in without effect on this throwaway server',
                HINT = 'Run the gate with --pg=BINDIR, of a server that has the extension pgcrypto.';
        ELSE RAISE invalid_parameter_value USING MESSAGE = format('Cannot use "%s": No such hash algorithm', type);
    END CASE;
END
$$;
CREATE FUNCTION hmac(data bytea, key bytea, type text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path FROM CURRENT AS $$
DECLARE
    block int := CASE WHEN lower(type) IN ('sha384', 'sha512') THEN 128 ELSE 64 END;
    padded bytea := CASE WHEN length(key) > block THEN digest(key, type) ELSE key END;
    inner_key bytea := decode(repeat('36', block), 'hex');
    outer_key bytea := decode(repeat('5c', block), 'hex');
BEGIN
    FOR i IN 0 .. length(padded) - 1 LOOP
        inner_key := set_byte(inner_key, i, get_byte(padded, i) # 54);
        outer_key := set_byte(outer_key, i, get_byte(padded, i) # 92);
    END LOOP;
    RETURN digest(outer_key || digest(inner_key || data, type), type);
END
$$;
CREATE FUNCTION digest(data text, type text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path FROM CURRENT AS $$ SELECT digest(convert_to(data, 'UTF8'), type) $$;
CREATE FUNCTION hmac(data text, key text, type text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path FROM CURRENT AS $$ SELECT hmac(convert_to(data, 'UTF8'), convert_to(key, 'UTF8'), type) $$;

CREATE FUNCTION gen_random_bytes(count integer) RETURNS bytea LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE AS $$
BEGIN
    IF count NOT BETWEEN 1 AND 1024 THEN
        RAISE external_routine_invocation_exception USING MESSAGE = 'Length not in range';
    END IF;
    RETURN (
        SELECT substring(string_agg(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), '') FROM 1 FOR count)
        FROM generate_series(0, count / 32)
    );
END
$$;
CREATE FUNCTION gen_random_uuid() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT pg_catalog.gen_random_uuid()
$$;

CREATE FUNCTION gen_salt(type text, rounds integer) RETURNS text LANGUAGE sql VOLATILE STRICT PARALLEL SAFE AS $$
    SELECT '$2a$' || lpad(rounds::text, 2, '0') || '$' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 22)
$$;
CREATE FUNCTION gen_salt(type text) RETURNS text LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
SET search_path FROM CURRENT AS $$ SELECT gen_salt(type, 6) $$;
CREATE FUNCTION crypt(password text, salt text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT substr(salt, 1, 29) || substr(encode(sha256(convert_to(substr(salt, 1, 29) || password, 'UTF8')), 'hex'), 1, 31)
$$;

SELECT extensions.without_effect(
    'pgcrypto',
    'encrypt(data bytea, key bytea, type text) RETURNS bytea IMMUTABLE',
    'decrypt(data bytea, key bytea, type text) RETURNS bytea IMMUTABLE',
    'encrypt_iv(data bytea, key bytea, iv bytea, type text) RETURNS bytea IMMUTABLE',
    'decrypt_iv(data bytea, key bytea, iv bytea, type text) RETURNS bytea IMMUTABLE',
    'armor(data bytea) RETURNS text IMMUTABLE',
    'armor(data bytea, keys text[], vals text[]) RETURNS text IMMUTABLE',
    'dearmor(data text) RETURNS bytea IMMUTABLE',
    'pgp_sym_encrypt(data text, psw text) RETURNS bytea',
    'pgp_sym_encrypt(data text, psw text, options text) RETURNS bytea',
    'pgp_sym_encrypt_bytea(data bytea, psw text) RETURNS bytea',
    'pgp_sym_encrypt_bytea(data bytea, psw text, options text) RETURNS bytea',
    'pgp_sym_decrypt(msg bytea, psw text) RETURNS text IMMUTABLE',
    'pgp_sym_decrypt(msg bytea, psw text, options text) RETURNS text IMMUTABLE',
    'pgp_sym_decrypt_bytea(msg bytea, psw text) RETURNS bytea IMMUTABLE',
    'pgp_sym_decrypt_bytea(msg bytea, psw text, options text) RETURNS bytea IMMUTABLE',
    'pgp_pub_encrypt(data text, key bytea) RETURNS bytea',
    'pgp_pub_encrypt(data text, key bytea, options text) RETURNS bytea',
    'pgp_pub_encrypt_bytea(data bytea, key bytea) RETURNS bytea',
    'pgp_pub_decrypt(msg bytea, key bytea) RETURNS text IMMUTABLE',
    'pgp_pub_decrypt(msg bytea, key bytea, psw text) RETURNS text IMMUTABLE',
    'pgp_pub_decrypt_bytea(msg bytea, key bytea) RETURNS bytea IMMUTABLE',
    'pgp_key_id(data bytea) RETURNS text IMMUTABLE'
);
