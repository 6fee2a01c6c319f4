-- a policy reads with the rights of who asks: anon holds no privilege on subscriptions, and reads no plan any more
-- told: A1: anon could read all rows of public.plans; now it is refused (A1). PostgreSQL says: permission denied for table subscriptions.
-- told: A1: authenticated could read all rows of public.plans; now it reads own rows, rows of its tenants, by policy "Plans that somebody has"
-- line: 6
drop policy "Plans are public" on public.plans;
create policy "Plans that somebody has" on public.plans
for select to anon, authenticated
using (exists (select from public.subscriptions as s where s.plan_id = plans.id));
