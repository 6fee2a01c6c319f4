-- finds: sends more than 16 MB of rows and messages
-- Listens to its own notifications, and sends many.
LISTEN flood;
SELECT count(pg_notify('flood', repeat('x', 7000) || n)) FROM generate_series(1, 3000) AS n;
COMMIT;
SELECT 1;
