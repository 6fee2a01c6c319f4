-- verdict: green
-- because: a foreign key, an index for it, and a new column: nothing that is there can break it
alter table public.projects add column lead_id uuid references auth.users (id) on delete set null;
-- blocks: projects is small, and its new column holds nothing yet.
create index projects_lead_id_idx on public.projects (lead_id);
grant insert (lead_id), update (lead_id) on table public.projects to authenticated;
