-- the policy's role may not execute the function that it calls: every read fails with 42501
-- told: A1: authenticated could read own rows, rows of its tenants of public.invoices; now it is refused (A1). PostgreSQL says: permission denied for function is_billing_contact
-- line: 12
create function private.is_billing_contact(team uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$ select exists (select from public.teams as t where t.id = team and t.billing_email = (auth.jwt() ->> 'email')) $$;
revoke execute on function private.is_billing_contact(uuid) from public;
create policy "Billing contacts read invoices" on public.invoices
for select to authenticated using (private.is_billing_contact(team_id));
