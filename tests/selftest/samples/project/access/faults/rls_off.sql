-- switched off while looking for an error, and not on again
-- told: A1: authenticated could read own rows, rows of its tenants of public.invoices; now it reads all rows, by row-level security, which is not enabled
-- line: 4
alter table public.invoices disable row level security;
