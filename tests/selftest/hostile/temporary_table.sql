-- leaves: temporary calculator2_sessions
-- Leaves a table before all others on the path.
CREATE TEMPORARY TABLE calculator2_sessions (id integer);
