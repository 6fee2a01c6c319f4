-- finds: SQLSTATE 42501
-- Switches off every trigger and foreign key.
SET session_replication_role = 'replica';
