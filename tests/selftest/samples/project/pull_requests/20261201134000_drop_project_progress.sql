-- verdict: green
-- because: a function that is dropped takes no rows with it
drop function if exists public.project_progress(uuid);
