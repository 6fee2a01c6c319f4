-- finds: the migration reaches beyond its database.*\+setting of role ALL in database attacked: work_mem=1GB
-- Leaves a setting on the database, in a file that ends its transaction and then fails.
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = %L', current_database(), '1GB'); END $$;
COMMIT;
SELECT 1 / 0;
