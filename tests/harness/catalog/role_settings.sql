-- The settings of all roles but these, on every database.
SELECT setrole::regrole::text || ': ' || setting
FROM pg_db_role_setting CROSS JOIN unnest(setconfig) AS setting
WHERE setdatabase = 0 AND (setrole = 0 OR setrole::regrole::text <> ALL (%s))
