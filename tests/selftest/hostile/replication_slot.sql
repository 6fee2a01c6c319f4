-- finds: SQLSTATE 55000
-- Keeps the log of all changes for ever, until the disk is full.
SELECT pg_create_physical_replication_slot('kept', true);
