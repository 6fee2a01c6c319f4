-- A policy explained.
comment on policy "Members read invoices" on public.invoices is 'Written by the billing function alone.';
comment on column public.invoices.paid_at is 'What the payment provider said.';
