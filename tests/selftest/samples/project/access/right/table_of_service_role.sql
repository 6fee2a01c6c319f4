-- USING (true) TO service_role says in words what BYPASSRLS does anyway.
-- told: table public.job_runs is new: service_role: select all rows, insert any row; service_role without BYPASSRLS: select all rows, insert any row
create table public.job_runs (
    id uuid primary key default gen_random_uuid(),
    job text not null,
    ran_at timestamptz not null default now()
);
alter table public.job_runs enable row level security;
create policy "Jobs" on public.job_runs for all to service_role using (true) with check (true);
grant select, insert on table public.job_runs to service_role;
