-- The privilege was one on single columns, and PUBLIC has none: what is revoked for a column is gone.
-- told: authenticated could change
revoke update (phone) on table public.customers from public, anon, authenticated;
