-- Asks the server to let it write into the catalogue.
SET allow_system_table_mods = on;
