-- leaves: setting search_path = nowhere
-- Leaves the session with a path of its own.
SET search_path = 'nowhere';
