-- finds: commit_and_go_on\.sql:5:.*division by zero
-- Ends its transaction, goes on, and fails.
CREATE TABLE kept (id integer);
COMMIT;
CREATE TABLE lost (id integer);
SELECT 1 / 0;
