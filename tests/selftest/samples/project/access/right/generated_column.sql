-- Computed from what is readable anyway.
-- told: authenticated could read own rows, rows of its tenants of public.time_entries; now it reads own rows, rows of its tenants with hours, by column hours
alter table public.time_entries add column hours numeric(6, 2) generated always as (round(minutes / 60.0, 2)) stored;
