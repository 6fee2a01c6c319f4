-- The new name, and the policies with it: nothing names the table in a body.
-- told: table public.repayments is new: authenticated: select own rows, rows of its tenants (id, order_id, amount, reason, refunded_at); service_role: select all rows, insert any row, update all rows, delete all rows
-- told: table public.refunds: is not there any more, or not exposed
alter table public.refunds rename to repayments;
