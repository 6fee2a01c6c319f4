-- row-level security
-- Hint: ALTER TABLE … ENABLE ROW LEVEL SECURITY; if that cannot be, move the table to a schema that is not exposed.
SELECT name, 'has no row-level security' FROM tables WHERE NOT relrowsecurity
