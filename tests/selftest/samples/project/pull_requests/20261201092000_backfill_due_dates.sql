-- verdict: green
-- because: a back-fill that its own WHERE guards changes rows that were there, on purpose
update public.invoices
set due_on = issued_on + 14
where due_on is null and paid_at is null;
