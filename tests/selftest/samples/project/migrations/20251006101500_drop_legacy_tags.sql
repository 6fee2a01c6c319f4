-- Empty since the import of 2024: no release of the application has read or written it.
alter table public.projects drop column legacy_tags;
