-- For the owner too: roles of the API are held to the policies anyway.
alter table public.invoices force row level security;
alter table public.refunds force row level security;
