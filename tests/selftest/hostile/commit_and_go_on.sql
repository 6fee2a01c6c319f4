-- Ends its transaction, goes on, and fails.
CREATE TABLE kept (id integer);
COMMIT;
CREATE TABLE lost (id integer);
SELECT 1 / 0;
