-- finds: sends more than 16 MB of rows and messages
-- Selects rows without an end, for whoever applies it.
SELECT generate_series(1, 1000000000000);
