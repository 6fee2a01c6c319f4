-- the column that makes an administrator stands in a row that its owner may update
-- told: A1: now it changes own rows with created_at, updated_at, is_admin, by column is_admin
alter table public.profiles add column is_admin boolean not null default false;
grant update on table public.profiles to authenticated;
create policy "Admins read feedback" on public.feedback
for select to authenticated
using (exists (select from public.profiles as p where p.id = (select auth.uid()) and p.is_admin));
grant select on table public.feedback to authenticated;
