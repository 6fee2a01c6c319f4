create table public.time_entries (
    id uuid primary key default gen_random_uuid(),
    project_id uuid not null references public.projects (id) on delete cascade,
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    worked_on date not null default current_date,
    minutes integer not null check (minutes between 1 and 1440),
    note text,
    created_at timestamptz not null default now()
);

create index time_entries_project_id_worked_on_idx on public.time_entries (project_id, worked_on);
create index time_entries_user_id_idx on public.time_entries (user_id);

alter table public.time_entries enable row level security;

create policy "Members read the time spent on their projects" on public.time_entries
for select to authenticated using (private.is_project_member(project_id));

create policy "Members enter their own time" on public.time_entries
for insert to authenticated
with check (user_id = (select auth.uid()) and private.is_project_member(project_id));

create policy "Members correct their own time" on public.time_entries
for update to authenticated
using (user_id = (select auth.uid()))
with check (user_id = (select auth.uid()) and private.is_project_member(project_id));

create policy "Members delete their own time" on public.time_entries
for delete to authenticated using (user_id = (select auth.uid()));
