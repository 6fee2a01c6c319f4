-- The names that old migrations use; nothing is encrypted. Source: michelp/pgsodium, README.

CREATE TYPE pgsodium.key_status AS ENUM ('default', 'valid', 'invalid', 'expired');
CREATE TABLE pgsodium.key (
    id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT key_pkey PRIMARY KEY,
    status pgsodium.key_status DEFAULT 'valid',
    created timestamptz NOT NULL DEFAULT current_timestamp,
    expires timestamptz,
    name text UNIQUE
);
CREATE VIEW pgsodium.valid_key AS
SELECT
    k.id,
    k.name,
    k.status,
    k.created,
    k.expires
FROM pgsodium.key AS k
WHERE k.status IN ('valid', 'default');
CREATE FUNCTION pgsodium.create_key(name text DEFAULT NULL) RETURNS pgsodium.valid_key LANGUAGE sql AS $$
    INSERT INTO pgsodium.key (name) VALUES (name) RETURNING id, name, status, created, expires
$$;
SELECT extensions.without_effect(
    'pgsodium',
    'pgsodium.randombytes_buf(size integer) RETURNS bytea',
    'pgsodium.crypto_aead_det_noncegen() RETURNS bytea',
    'pgsodium.crypto_aead_det_encrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea) RETURNS bytea',
    'pgsodium.crypto_aead_det_decrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea) RETURNS bytea',
    'pgsodium.crypto_secretbox_noncegen() RETURNS bytea',
    'pgsodium.crypto_secretbox(message bytea, nonce bytea, key bytea) RETURNS bytea',
    'pgsodium.crypto_secretbox_open(message bytea, nonce bytea, key bytea) RETURNS bytea'
);
