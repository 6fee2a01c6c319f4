-- A table that refers to itself.
-- told: table public.folders is new: authenticated: select own rows, rows of its tenants (id, team_id, parent_id, name), insert own rows, rows of its tenants (id, team_id, parent_id, name)
create table public.folders (
    id uuid primary key default gen_random_uuid(),
    team_id uuid not null references public.teams (id) on delete cascade,
    parent_id uuid,
    name text not null,
    unique (id, team_id),
    unique nulls not distinct (team_id, parent_id, name),
    foreign key (parent_id, team_id) references public.folders (id, team_id) on delete cascade,
    check (parent_id <> id)
);
alter table public.folders enable row level security;
create policy "Members manage folders" on public.folders
for all to authenticated using (private.is_team_member(team_id)) with check (private.is_team_member(team_id));
grant select, insert on table public.folders to authenticated;
