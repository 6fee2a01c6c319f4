-- leaves: prepared statement one
-- Leaves a prepared statement to its session.
PREPARE one AS SELECT 1;
