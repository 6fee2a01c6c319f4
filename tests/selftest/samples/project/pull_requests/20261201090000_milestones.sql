-- verdict: green
-- because: a table as Supabase's documentation writes it: no lock_timeout, no IF NOT EXISTS, no check of its shape
create table public.milestones (
    id uuid primary key default gen_random_uuid(),
    project_id uuid not null references public.projects (id) on delete cascade,
    name text not null,
    due_on date not null,
    reached_at timestamptz
);

create index milestones_project_id_idx on public.milestones (project_id);

alter table public.milestones enable row level security;

create policy "Members manage milestones" on public.milestones
for all to authenticated
using (private.is_project_member(project_id))
with check (private.is_project_member(project_id));

grant select, insert, update, delete on table public.milestones to authenticated, service_role;
