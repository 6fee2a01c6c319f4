-- What pg_prove, psql and pgTAP take before the first check.
BEGIN;
SET LOCAL search_path = public, tap;
SELECT plan(1);
SELECT pass();
SELECT * FROM finish();
ROLLBACK;
