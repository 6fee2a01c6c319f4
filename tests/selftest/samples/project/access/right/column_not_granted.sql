-- profiles can be updated in three columns, and a fourth is not granted; who reads the table reads it.
-- told: authenticated could read own rows, rows of its tenants of public.time_entries; now it reads own rows, rows of its tenants with billable, by column billable
alter table public.time_entries add column billable boolean not null default true;
