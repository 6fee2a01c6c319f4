-- dropped, to be made anew in a file that was never written
-- told: A1: authenticated could read own rows, rows of its tenants of public.refunds; now it reads no row
-- line: 4
drop policy "Members read refunds" on public.refunds;
