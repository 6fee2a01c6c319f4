-- With the rights of the reader.
-- told: view public.late_invoices is new: authenticated: select own rows, rows of its tenants (id, team_id, number, due_on)
create view public.late_invoices
with (security_invoker = true) as
select i.id, i.team_id, i.number, i.due_on from public.invoices as i where i.paid_at is null;
grant select on table public.late_invoices to authenticated;
