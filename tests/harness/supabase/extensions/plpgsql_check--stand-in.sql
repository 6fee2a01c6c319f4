-- Source: okbob/plpgsql_check, README.

SELECT extensions.without_effect(
    'plpgsql_check',
    'plpgsql_check_function(funcoid regprocedure, relid regclass DEFAULT 0) RETURNS SETOF text',
    'plpgsql_check_function(name text, relid regclass DEFAULT 0) RETURNS SETOF text'
);
