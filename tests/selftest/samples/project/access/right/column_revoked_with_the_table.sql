-- The column is taken, then the table, and the others are granted: a privilege on the table is one on each of its columns.
-- told: authenticated could read own rows, rows of its tenants of public.customers; now it reads own rows, rows of its tenants without phone
revoke select (phone) on table public.customers from authenticated;
revoke select on table public.customers from authenticated;
grant select (id, team_id, name, email, country, created_at) on table public.customers to authenticated;
