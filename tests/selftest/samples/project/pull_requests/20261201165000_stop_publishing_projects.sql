-- verdict: green
-- because: a table taken out of a publication keeps its rows
alter publication supabase_realtime drop table public.projects;
