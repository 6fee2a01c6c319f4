-- verdict: red
-- because: E4: DELETE on invoices is granted and no policy is for it: it deletes no row, and says so to nobody
-- line: 4
grant delete on table public.invoices to authenticated;
