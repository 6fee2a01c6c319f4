-- verdict: green
-- because: in ordinary style, and applied already: recorded, it is history, and is not asked to run again
-- recorded: true
create table public.working_hours (
    user_id uuid primary key references auth.users (id) on delete cascade,
    hours_per_week numeric(4, 1) not null default 40
);
alter table public.working_hours enable row level security;
create policy "Users manage their working hours" on public.working_hours
for all to authenticated using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
grant select, insert, update, delete on table public.working_hours to authenticated, service_role;
