-- Source: supabase/pg_graphql, README.

SELECT extensions.without_effect(
    'pg_graphql',
    'resolve(query text, variables jsonb DEFAULT ''{}'', "operationName" text DEFAULT NULL,'
    ' extensions jsonb DEFAULT NULL) RETURNS jsonb',
    'get_schema_version() RETURNS integer'
);
