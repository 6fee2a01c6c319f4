-- verdict: green
-- because: the publication belongs to postgres on the platform, who may add a table to it
alter publication supabase_realtime add table public.notifications;
