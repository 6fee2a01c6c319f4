-- A foreign key of two columns, into a key of two.
-- told: table public.shipments is new: authenticated: select own rows, rows of its tenants (id, team_id, customer_id, order_id, order_position); service_role: select all rows
create table public.shipments (
    id uuid primary key default gen_random_uuid(),
    team_id uuid not null references public.teams (id) on delete cascade,
    customer_id uuid not null,
    order_id bigint not null,
    order_position smallint not null,
    foreign key (customer_id, team_id) references public.customers (id, team_id),
    foreign key (order_id, order_position) references public.order_lines (order_id, position)
);
create index shipments_team_id_idx on public.shipments (team_id);
create index shipments_customer_id_team_id_idx on public.shipments (customer_id, team_id);
create index shipments_order_id_order_position_idx on public.shipments (order_id, order_position);
alter table public.shipments enable row level security;
create policy "Members read shipments" on public.shipments
for select to authenticated using (private.is_team_member(team_id));
grant select on table public.shipments to authenticated, service_role;
