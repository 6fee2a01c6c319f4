-- TO postgres, whom no policy holds: nobody else has one
-- told: A1: authenticated could read own rows, rows of its tenants of public.activity_log; now it reads no row
-- line: 4
alter policy "Members read the activity of their teams" on public.activity_log to postgres;
