-- verdict: red
-- because: E18: no index begins with plan_id: whoever deletes a plan reads this table from end to end
-- line: 7
create table public.plan_features (
    id bigint generated always as identity primary key,
    name text not null,
    plan_id text not null references public.plans (id) on delete cascade
);
alter table public.plan_features enable row level security;
create policy "Features are public" on public.plan_features for select to anon, authenticated using (true);
grant select on table public.plan_features to anon, authenticated;
grant select, insert, update, delete on table public.plan_features to service_role;
