-- finds: SQLSTATE 57P01
-- Ends its own session.
SELECT pg_terminate_backend(pg_backend_pid());
