-- finds: SQLSTATE 42501
-- Asks the server to let it write into the catalog.
SET allow_system_table_mods = on;
