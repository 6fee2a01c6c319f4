-- What a migration may call that carries tests. Source: theory/pgtap, its documentation.

SELECT extensions.without_effect(
    'pgtap',
    'plan(count integer) RETURNS text',
    'no_plan() RETURNS SETOF boolean',
    'ok(holds boolean, description text DEFAULT NULL) RETURNS text',
    'finish() RETURNS SETOF text'
);
