-- verdict: green
-- because: row-level security without a policy: closed on purpose, and service_role bypasses it
create table public.webhook_deliveries (
    id bigint generated always as identity primary key,
    received_at timestamptz not null default now(),
    provider text not null,
    payload jsonb not null
);

alter table public.webhook_deliveries enable row level security;
grant select, insert, update, delete on table public.webhook_deliveries to service_role;
