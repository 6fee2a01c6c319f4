create table public.api_tokens (
    id uuid primary key default gen_random_uuid(),
    team_id uuid not null references public.teams (id) on delete cascade,
    name text not null,
    token_hash bytea not null unique,
    created_by uuid references auth.users (id) on delete set null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    revoked_at timestamptz
);

create index api_tokens_team_id_idx on public.api_tokens (team_id);
create index api_tokens_created_by_idx on public.api_tokens (created_by);

alter table public.api_tokens enable row level security;

-- Nobody reads a hash: the privilege is on the other columns alone.
revoke all on table public.api_tokens from anon, authenticated;
grant select (id, team_id, name, created_by, created_at, last_used_at, revoked_at)
on table public.api_tokens to authenticated;

create policy "Admins see the tokens of their team" on public.api_tokens
for select to authenticated using (private.has_team_role(team_id, '{owner,admin}'));

create function public.create_api_token(team uuid, token_name text)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
    token text := 'fn_' || encode(extensions.gen_random_bytes(24), 'hex');
begin
    if not private.has_team_role(team, '{owner,admin}') then
        raise exception 'Only an owner or an admin makes tokens.' using errcode = '42501';
    end if;
    insert into public.api_tokens (team_id, name, token_hash, created_by)
    values (team, token_name, extensions.digest(token, 'sha256'), auth.uid());
    return token;
end;
$$;

revoke execute on function public.create_api_token(uuid, text) from public, anon;
grant execute on function public.create_api_token(uuid, text) to authenticated;
