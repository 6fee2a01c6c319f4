-- verdict: green
-- because: rows are deleted, those that the WHERE names and no others, and the file says why
-- Drafts of the import of 2024, which no customer has seen.
delete from public.orders
where status = 'draft' and created_at < timestamptz '2024-07-01 00:00+00' and placed_at is null;
