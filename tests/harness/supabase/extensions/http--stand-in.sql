-- The types and functions that make requests, which make none here. Source: pramsey/pgsql-http, README.

CREATE DOMAIN http_method AS text;
CREATE DOMAIN content_type AS text CHECK (value ~ '^\S+/\S+');
CREATE TYPE http_header AS (field varchar, value varchar);
CREATE TYPE http_request AS (
    method http_method, uri varchar, headers http_header [], content_type varchar, content varchar
);
CREATE TYPE http_response AS (status integer, content_type varchar, headers http_header [], content varchar);

CREATE FUNCTION http_header(field varchar, value varchar) RETURNS http_header LANGUAGE sql IMMUTABLE AS $$
    SELECT field, value
$$;
SELECT extensions.without_effect(
    'http',
    'http(request http_request) RETURNS http_response',
    'http_get(uri varchar) RETURNS http_response',
    'http_get(uri varchar, data jsonb) RETURNS http_response',
    'http_head(uri varchar) RETURNS http_response',
    'http_post(uri varchar, content varchar, content_type varchar) RETURNS http_response',
    'http_post(uri varchar, data jsonb) RETURNS http_response',
    'http_put(uri varchar, content varchar, content_type varchar) RETURNS http_response',
    'http_patch(uri varchar, content varchar, content_type varchar) RETURNS http_response',
    'http_delete(uri varchar) RETURNS http_response',
    'http_delete(uri varchar, content varchar, content_type varchar) RETURNS http_response',
    'http_set_curlopt(curlopt varchar, value varchar) RETURNS boolean',
    'http_reset_curlopt() RETURNS boolean',
    'urlencode(string varchar) RETURNS text IMMUTABLE',
    'urlencode(data jsonb) RETURNS text IMMUTABLE'
);
