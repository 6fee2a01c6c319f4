-- leaves: channel pgrst
-- Leaves the session listening.
LISTEN pgrst;
