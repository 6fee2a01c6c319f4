create table public.labels (
    id uuid primary key default gen_random_uuid(),
    team_id uuid not null references public.teams (id) on delete cascade,
    name text not null check (char_length(name) between 1 and 40),
    colour text not null default '#888888' check (colour ~ '^#[0-9a-f]{6}$'),
    unique (team_id, name)
);

create table public.project_labels (
    project_id uuid not null references public.projects (id) on delete cascade,
    label_id uuid not null references public.labels (id) on delete cascade,
    primary key (project_id, label_id)
);

create index project_labels_label_id_idx on public.project_labels (label_id);

alter table public.labels enable row level security;
alter table public.project_labels enable row level security;

create policy "Members manage the labels of their teams" on public.labels
for all to authenticated
using (private.is_team_member(team_id))
with check (private.is_team_member(team_id));

create policy "Members read the labels of their projects" on public.project_labels
for select to authenticated using (private.is_project_member(project_id));

-- A label of another team on a project of one's own would tell that it exists.
create policy "Members label their projects" on public.project_labels
for insert to authenticated
with check (
    exists (
        select from public.projects as p
        inner join public.labels as l on p.team_id = l.team_id
        where p.id = project_id and l.id = label_id
    )
);

create policy "Members remove labels from their projects" on public.project_labels
for delete to authenticated using (private.is_project_member(project_id));

grant select, insert, update, delete on table public.labels to authenticated, service_role;
grant select, insert, delete on table public.project_labels to authenticated;
grant select, insert, update, delete on table public.project_labels to service_role;
