-- Source: HypoPG/hypopg, README.

SELECT extensions.without_effect(
    'hypopg',
    'hypopg_create_index(sql_order text, OUT indexrelid oid, OUT indexname text) RETURNS SETOF record',
    'hypopg_drop_index(indexid oid) RETURNS boolean',
    'hypopg_reset() RETURNS void'
);
