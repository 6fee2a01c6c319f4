-- Source: supabase/pg_jsonschema, README.

SELECT extensions.without_effect(
    'pg_jsonschema',
    'json_matches_schema(schema json, instance json) RETURNS boolean IMMUTABLE',
    'jsonb_matches_schema(schema json, instance jsonb) RETURNS boolean IMMUTABLE',
    'jsonschema_is_valid(schema json) RETURNS boolean IMMUTABLE',
    'jsonschema_validation_errors(schema json, instance json) RETURNS text[] IMMUTABLE'
);
