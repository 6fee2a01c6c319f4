-- Only the names.
alter policy "Members read invoices" on public.invoices rename to invoices_select_member;
alter policy "Members read refunds" on public.refunds rename to refunds_select_member;
