-- eight columns, two grants, and no row-level security
-- told: A1: table public.contracts is new: authenticated: select all rows (id, team_id, signed_by, monthly_fee, signed_at), insert any row (id, team_id, signed_by, monthly_fee, signed_at), update all rows (id, team_id, signed_by, monthly_fee, signed_at), delete all rows; service_role: select all rows, insert any row, update all rows, delete all rows
-- line: 4
create table public.contracts (
    id uuid primary key default gen_random_uuid(),
    team_id uuid not null references public.teams (id) on delete cascade,
    signed_by uuid references auth.users (id) on delete set null,
    monthly_fee numeric(10, 2) not null,
    signed_at timestamptz
);
grant select, insert, update, delete on table public.contracts to authenticated, service_role;
create policy "Members read contracts" on public.contracts
for select to authenticated using (private.is_team_member(team_id));
