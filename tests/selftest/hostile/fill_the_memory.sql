-- finds: out of memory \(SQLSTATE 53200\)
-- Keeps what it makes, without an end.
DO $$ DECLARE kept text []; BEGIN LOOP
    kept := kept || repeat('x', 100000);
END LOOP; END $$;
