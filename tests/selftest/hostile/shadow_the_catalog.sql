-- finds: SQLSTATE 42501
-- Replaces a function of the server that everybody calls.
CREATE OR REPLACE FUNCTION pg_catalog.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz';
