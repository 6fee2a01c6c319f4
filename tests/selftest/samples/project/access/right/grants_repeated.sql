-- What is granted already.
grant select on table public.invoices to authenticated;
grant select (id, team_id) on table public.projects to authenticated;
