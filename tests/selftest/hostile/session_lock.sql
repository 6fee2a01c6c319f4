-- leaves: lock ExclusiveLock
-- Holds a lock for as long as the session lasts.
SELECT pg_advisory_lock(14);
