-- Source: iCyberon/pg_hashids, README.

SELECT extensions.without_effect(
    'pg_hashids',
    'id_encode(number bigint) RETURNS text IMMUTABLE',
    'id_encode(number bigint, salt text) RETURNS text IMMUTABLE',
    'id_encode(number bigint, salt text, min_length integer) RETURNS text IMMUTABLE',
    'id_encode(number bigint, salt text, min_length integer, alphabet text) RETURNS text IMMUTABLE',
    'id_decode(hash text, salt text, min_length integer) RETURNS bigint[] IMMUTABLE',
    'id_decode(hash text, salt text, min_length integer, alphabet text) RETURNS bigint[] IMMUTABLE',
    'id_decode_once(hash text, salt text, min_length integer) RETURNS bigint IMMUTABLE'
);
