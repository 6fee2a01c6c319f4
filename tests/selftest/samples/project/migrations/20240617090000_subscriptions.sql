create table public.subscriptions (
    team_id uuid primary key references public.teams (id) on delete cascade,
    plan_id text not null default 'free' references public.plans (id),
    status text not null default 'active' check (status in ('trialing', 'active', 'past_due', 'cancelled')),
    current_period_end timestamptz,
    provider_reference text unique,
    updated_at timestamptz not null default now()
);

alter table public.subscriptions enable row level security;

create policy "Members see their subscription" on public.subscriptions
for select to authenticated using (private.is_team_member(team_id));

create trigger subscriptions_set_updated_at
before update on public.subscriptions
for each row execute function extensions.moddatetime(updated_at);

create function private.start_subscription()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
    insert into public.subscriptions (team_id) values (new.id) on conflict (team_id) do nothing;
    return new;
end;
$$;

revoke execute on function private.start_subscription() from public;

create trigger teams_start_subscription
after insert on public.teams
for each row execute function private.start_subscription();
