-- Row-level security and no policy: closed on purpose.
-- told: table public.webhook_events is new: nobody can use it
create table public.webhook_events (
    id uuid primary key default gen_random_uuid(),
    payload jsonb not null
);
alter table public.webhook_events enable row level security;
