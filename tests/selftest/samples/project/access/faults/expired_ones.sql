-- the comparison is the wrong way round: what has expired is looked up by everybody
-- told: A1: authenticated could read some own rows, some rows of its tenants of public.invitations; now it reads own rows, some rows of its tenants, another's rows where expires_at is in the past, nobody's rows where expires_at is in the past, by policy "Open invitations can be looked up"
-- line: 4
create policy "Open invitations can be looked up" on public.invitations
for select to authenticated
using (email = (select auth.jwt() ->> 'email') or expires_at < now());
