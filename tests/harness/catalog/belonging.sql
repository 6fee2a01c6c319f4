-- Some tables and what goes with each where it is dropped, as pg_identify_object names them.
WITH RECURSIVE own AS (
    SELECT 'pg_class'::regclass::oid AS class, to_regclass(name)::oid AS object
    FROM unnest(%s::text []) AS named (name)
    UNION
    SELECT d.classid, d.objid
    FROM own
    INNER JOIN pg_catalog.pg_depend AS d
        ON own.class = d.refclassid AND own.object = d.refobjid AND d.deptype IN ('a', 'i', 'P', 'S')
)

SELECT o.type || ' ' || o.identity
FROM own CROSS JOIN LATERAL pg_catalog.pg_identify_object(class, object, 0) AS o
