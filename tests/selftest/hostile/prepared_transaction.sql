-- finds: SQLSTATE 55000
-- Leaves a prepared transaction, with its locks, to nobody.
BEGIN;
CREATE TABLE held (id integer);
PREPARE TRANSACTION 'held';
