-- views with the rights of the caller
-- Hint: CREATE VIEW … WITH (security_invoker = true); a materialized view, or any before 15, elsewhere.
SELECT v.oid::regclass, 'shows what its owner may see' FROM pg_class AS v
WHERE v.relkind IN ('v', 'm') AND v.relnamespace::regnamespace::text = ANY (%(schemas)s)
    AND NOT EXISTS (
        SELECT FROM pg_options_to_table(v.reloptions) AS o
        WHERE o.option_name = 'security_invoker' AND o.option_value::boolean
    )
