create table public.invoices (
    id bigint generated always as identity primary key,
    team_id uuid not null references public.teams (id) on delete cascade,
    order_id bigint references public.orders (id) on delete restrict,
    number text not null,
    net numeric(12, 2) not null check (net >= 0),
    vat_rate numeric(4, 2) not null default 19 check (vat_rate between 0 and 99),
    gross numeric(14, 2) generated always as (round(net * (1 + vat_rate / 100), 2)) stored,
    issued_on date not null default current_date,
    due_on date,
    paid_at timestamptz,
    constraint invoices_team_id_number_key unique (team_id, number),
    constraint invoices_due_after_issue check (due_on >= issued_on)
);

alter table public.invoices enable row level security;

-- Written by the billing function alone, as service_role.
create policy "Members read invoices" on public.invoices
for select to authenticated using (private.is_team_member(team_id));
