-- Tokens, signed and verified with hmac() of pgcrypto. Source: michelp/pgjwt, README; RFC 7515 and 7519.

CREATE FUNCTION url_encode(data bytea) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT translate(encode(data, 'base64'), E'+/=\n', '-_')
$$;
CREATE FUNCTION url_decode(data text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT decode(rpad(translate(data, '-_', '+/'), (length(data) + 3) / 4 * 4, '='), 'base64')
$$;
CREATE FUNCTION algorithm_sign(signables text, secret text, algorithm text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path FROM CURRENT AS $$
    SELECT url_encode(hmac(signables, secret, replace(algorithm, 'HS', 'sha')))
$$;
CREATE FUNCTION sign(payload json, secret text, algorithm text DEFAULT 'HS256') RETURNS text
LANGUAGE sql IMMUTABLE SET search_path FROM CURRENT AS $$
    SELECT signables || '.' || algorithm_sign(signables, secret, algorithm)
    FROM concat(
        url_encode(convert_to(format('{"alg":"%s","typ":"JWT"}', algorithm), 'utf8')),
        '.',
        url_encode(convert_to(payload::text, 'utf8'))
    ) AS text (signables)
$$;
CREATE FUNCTION verify(token text, secret text, algorithm text DEFAULT 'HS256')
RETURNS TABLE (header json, payload json, valid boolean)
LANGUAGE sql IMMUTABLE SET search_path FROM CURRENT AS $$
    SELECT
        convert_from(url_decode(part[1]), 'utf8')::json,
        convert_from(url_decode(part[2]), 'utf8')::json,
        part[3] = algorithm_sign(part[1] || '.' || part[2], secret, algorithm)
    FROM string_to_array(token, '.') AS split (part)
$$;
