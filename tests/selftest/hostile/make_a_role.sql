-- Makes a role, which every database of the server has from then on; run again, it finds its role there.
DO $$
BEGIN
    CREATE ROLE calculator NOLOGIN;
EXCEPTION
    WHEN duplicate_object THEN NULL;
END;
$$;
