-- finds: the migration reaches beyond its database.*\+database neighbour_gone: 
-- Renames every database that it can.
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT datname FROM pg_database WHERE datdba = 'postgres'::regrole AND datname <> current_database() LOOP
        EXECUTE format('ALTER DATABASE %I RENAME TO %I', name, name || '_gone');
    END LOOP;
END $$;
