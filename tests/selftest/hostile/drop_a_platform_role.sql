-- finds: SQLSTATE 2BP01
-- Drops a role of the platform.
DROP OWNED BY anon;
DROP ROLE anon;
