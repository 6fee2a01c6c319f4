-- leaves: a BEGIN without a COMMIT
-- Leaves its transaction open.
BEGIN;
CREATE TABLE open_ended (id integer);
