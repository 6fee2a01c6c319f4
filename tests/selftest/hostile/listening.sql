-- Leaves the session listening.
LISTEN pgrst;
