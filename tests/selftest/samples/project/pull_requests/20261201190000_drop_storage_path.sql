-- verdict: green
-- because: a column is dropped, and the file says above the statement why that is meant

-- loses: the paths moved to storage.objects with the release of October, and no release since reads them here
alter table public.documents drop column storage_path;
