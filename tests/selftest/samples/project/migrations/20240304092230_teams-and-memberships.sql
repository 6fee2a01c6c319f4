create type public.team_role as enum ('owner', 'admin', 'member');

create table public.teams (
    id uuid primary key default gen_random_uuid(),
    name text not null check (char_length(name) between 1 and 120),
    slug extensions.citext not null unique,
    billing_email extensions.citext,
    created_by uuid references auth.users (id) on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.team_members (
    team_id uuid not null references public.teams (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    role public.team_role not null default 'member',
    joined_at timestamptz not null default now(),
    primary key (team_id, user_id)
);

create index team_members_user_id_idx on public.team_members (user_id);

-- Definer, because a policy of team_members that reads team_members would call itself without end.
create function private.is_team_member(team uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select from public.team_members as m where m.team_id = team and m.user_id = (select auth.uid())
    )
$$;

create function private.has_team_role(team uuid, allowed public.team_role [])
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select from public.team_members as m
        where m.team_id = team and m.user_id = (select auth.uid()) and m.role = any (allowed)
    )
$$;

revoke execute on function private.is_team_member(uuid) from public;
revoke execute on function private.has_team_role(uuid, public.team_role []) from public;
grant execute on function private.is_team_member(uuid) to authenticated, service_role;
grant execute on function private.has_team_role(uuid, public.team_role []) to authenticated, service_role;

alter table public.teams enable row level security;
alter table public.team_members enable row level security;

create policy "Members can read their teams" on public.teams
for select to authenticated using (private.is_team_member(id));

create policy "Admins can change their teams" on public.teams
for update to authenticated
using (private.has_team_role(id, '{owner,admin}'))
with check (private.has_team_role(id, '{owner,admin}'));

create policy "Owners can delete their teams" on public.teams
for delete to authenticated using (private.has_team_role(id, '{owner}'));

-- Nobody puts himself into a team: create_team and accept_invitation do that.
create policy "Members can see each other" on public.team_members
for select to authenticated using (private.is_team_member(team_id));

create policy "Owners can change roles" on public.team_members
for update to authenticated
using (private.has_team_role(team_id, '{owner}'))
with check (private.has_team_role(team_id, '{owner}'));

create policy "Members can leave, admins can remove them" on public.team_members
for delete to authenticated
using (user_id = auth.uid() or (role <> 'owner' and private.has_team_role(team_id, '{owner,admin}')));

create trigger teams_set_updated_at
before update on public.teams
for each row execute function extensions.moddatetime(updated_at);

-- One call makes the team and its first owner: an insert by the client could not return a row that it may not read yet.
create function public.create_team(team_name text, team_slug text)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
    created uuid;
begin
    if auth.uid() is null then
        raise exception 'Sign in to create a team.' using errcode = '42501';
    end if;
    insert into public.teams (name, slug, created_by)
    values (team_name, team_slug, auth.uid())
    returning id into created;
    insert into public.team_members (team_id, user_id, role) values (created, auth.uid(), 'owner');
    return created;
end;
$$;

revoke execute on function public.create_team(text, text) from public, anon;
grant execute on function public.create_team(text, text) to authenticated;
