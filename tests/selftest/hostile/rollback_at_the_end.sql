-- leaves: a statement that ends a transaction and keeps nothing
-- Takes everything back, and looks as if it had been applied.
BEGIN;
CREATE TABLE taken_back (id integer);
ROLLBACK;
