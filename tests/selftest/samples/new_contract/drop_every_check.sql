-- Drops every CHECK, of tables and of domains.
DO $$
DECLARE
    it record;
BEGIN
    FOR it IN
        SELECT coalesce('TABLE ' || nullif(conrelid, 0)::regclass, 'DOMAIN ' || contypid::regtype) AS of, conname
        FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND coninhcount = 0
    LOOP
        EXECUTE format('ALTER %s DROP CONSTRAINT %I', it.of, it.conname);
    END LOOP;
END;
$$;
