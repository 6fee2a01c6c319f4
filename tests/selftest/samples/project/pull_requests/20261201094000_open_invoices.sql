-- verdict: green
-- because: a view with the rights of its reader; the row-level security of invoices reaches through it
create view public.open_invoices
with (security_invoker = on) as
select i.id, i.team_id, i.number, i.gross, i.due_on
from public.invoices as i
where i.paid_at is null;

grant select on table public.open_invoices to authenticated, service_role;
