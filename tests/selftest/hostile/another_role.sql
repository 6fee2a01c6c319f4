-- leaves: role anon
-- Leaves the session with another role.
SET ROLE anon;
