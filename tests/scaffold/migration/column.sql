ALTER TABLE @schema@.@table@ ADD COLUMN IF NOT EXISTS @column@ @type@;

COMMENT ON COLUMN @schema@.@table@.@column@ IS 'Say what it holds.';
