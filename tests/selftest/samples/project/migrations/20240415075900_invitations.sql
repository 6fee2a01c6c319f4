create table public.invitations (
    id uuid primary key default gen_random_uuid(),
    team_id uuid not null references public.teams (id) on delete cascade,
    email extensions.citext not null,
    role public.team_role not null default 'member' check (role <> 'owner'),
    token_hash bytea not null unique,
    invited_by uuid references auth.users (id) on delete set null,
    expires_at timestamptz not null default now() + interval '7 days',
    accepted_at timestamptz,
    created_at timestamptz not null default now(),
    unique (team_id, email)
);

alter table public.invitations enable row level security;

create policy "Admins can see invitations" on public.invitations
for select to authenticated using (private.has_team_role(team_id, '{owner,admin}'));

create policy "Admins can withdraw invitations" on public.invitations
for delete to authenticated using (private.has_team_role(team_id, '{owner,admin}'));

-- The token is shown once, to be mailed; the table keeps its hash alone.
create function public.invite_to_team(team uuid, invited_email text, invited_role public.team_role default 'member')
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
    token text := encode(extensions.gen_random_bytes(24), 'hex');
begin
    if not private.has_team_role(team, '{owner,admin}') then
        raise exception 'Only an owner or an admin can invite.' using errcode = '42501';
    end if;
    insert into public.invitations (team_id, email, role, token_hash, invited_by)
    values (team, invited_email, invited_role, extensions.digest(token, 'sha256'), auth.uid());
    return token;
end;
$$;

create function public.accept_invitation(token text)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
    invitation public.invitations;
begin
    select i.* into invitation
    from public.invitations as i
    where
        i.token_hash = extensions.digest(token, 'sha256')
        and i.accepted_at is null and i.expires_at > now()
        and lower(i.email::text) = lower(auth.jwt() ->> 'email')
    for update;
    if not found or auth.uid() is null then
        raise exception 'This invitation is not valid.' using errcode = '42501';
    end if;
    insert into public.team_members (team_id, user_id, role)
    values (invitation.team_id, auth.uid(), invitation.role)
    on conflict (team_id, user_id) do nothing;
    update public.invitations set accepted_at = now() where id = invitation.id;
    return invitation.team_id;
end;
$$;

revoke execute on function public.invite_to_team(uuid, text, public.team_role) from public, anon;
revoke execute on function public.accept_invitation(text) from public, anon;
grant execute on function public.invite_to_team(uuid, text, public.team_role) to authenticated;
grant execute on function public.accept_invitation(text) to authenticated;
