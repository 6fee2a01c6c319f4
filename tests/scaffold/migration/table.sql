CREATE TABLE IF NOT EXISTS @schema@.@table@ (
    id bigint GENERATED ALWAYS AS IDENTITY,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT @table@_pkey PRIMARY KEY (id)
);

-- The API's roles see only the rows that a policy shows them.
ALTER TABLE @schema@.@table@ ENABLE ROW LEVEL SECURITY;

-- Privileges are exactly these, whatever the platform's defaults had granted.
REVOKE ALL ON TABLE @schema@.@table@ FROM public, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE @schema@.@table@ TO service_role;
REVOKE ALL ON SEQUENCE @schema@.@table@_id_seq FROM public, anon, authenticated, service_role;

-- For a platform on which service_role does not bypass row-level security.
DROP POLICY IF EXISTS service_role_@table@ ON @schema@.@table@;
CREATE POLICY service_role_@table@ ON @schema@.@table@
FOR ALL
TO service_role
USING (true)
WITH CHECK (true);

COMMENT ON TABLE @schema@.@table@ IS 'Say what a row is.';
COMMENT ON COLUMN @schema@.@table@.id IS 'Surrogate key, given by the database.';
COMMENT ON COLUMN @schema@.@table@.created_at IS 'Start of the transaction that made the row.';
