-- Indexes decide nothing.
create index invoices_issued_on_idx on public.invoices (issued_on);
create unique index customers_email_per_team_idx on public.customers (team_id, email) where email is not null;
