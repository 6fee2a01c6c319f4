create table public.activity_log (
    id uuid not null default gen_random_uuid(),
    occurred_at timestamptz not null default now(),
    team_id uuid not null references public.teams (id) on delete cascade,
    actor_id uuid references auth.users (id) on delete set null,
    action text not null,
    entity text not null,
    entity_id text not null,
    primary key (id, occurred_at)
) partition by range (occurred_at);

create index activity_log_team_id_occurred_at_idx on public.activity_log (team_id, occurred_at desc);
create index activity_log_actor_id_idx on public.activity_log (actor_id);

create table public.activity_log_2024 partition of public.activity_log
for values from ('2024-01-01 00:00+00') to ('2025-01-01 00:00+00');
create table public.activity_log_2025 partition of public.activity_log
for values from ('2025-01-01 00:00+00') to ('2026-01-01 00:00+00');
create table public.activity_log_2026 partition of public.activity_log
for values from ('2026-01-01 00:00+00') to ('2027-01-01 00:00+00');
create table public.activity_log_rest partition of public.activity_log default;

-- The policies of the table are not those of its partitions, which the API offers too: they stay closed.
alter table public.activity_log enable row level security;
alter table public.activity_log_2024 enable row level security;
alter table public.activity_log_2025 enable row level security;
alter table public.activity_log_2026 enable row level security;
alter table public.activity_log_rest enable row level security;

create policy "Members read the activity of their teams" on public.activity_log
for select to authenticated using (private.is_team_member(team_id));
