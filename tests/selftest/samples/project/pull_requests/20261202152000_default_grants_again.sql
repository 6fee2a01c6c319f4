-- verdict: red
-- because: E21: every table of the future is anon's, TRUNCATE and all, before its file says anything
-- line: 4
alter default privileges in schema public grant all on tables to anon, authenticated;
