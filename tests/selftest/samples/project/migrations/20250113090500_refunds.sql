create table public.refunds (
    id uuid primary key default gen_random_uuid(),
    order_id bigint not null references public.orders (id) on delete cascade,
    amount numeric(12, 2) not null check (amount > 0),
    reason text,
    refunded_at timestamptz not null default now()
);

create index refunds_order_id_idx on public.refunds (order_id);
create index orders_refunded_idx on public.orders (team_id) where status = 'refunded';

alter table public.refunds enable row level security;

create policy "Members read refunds" on public.refunds
for select to authenticated using (private.can_read_order(order_id));

-- A database webhook, as the dashboard writes it.
create trigger refunds_webhook
after insert on public.refunds
for each row
execute function supabase_functions.http_request(
    'https://hooks.example.com/refunds', 'POST', '{"content-type":"application/json"}', '{}', '1000'
);
