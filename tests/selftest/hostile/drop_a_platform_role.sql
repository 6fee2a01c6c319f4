-- Drops a role of the platform.
DROP OWNED BY anon;
DROP ROLE anon;
