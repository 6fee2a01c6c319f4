-- to take SELECT on two columns, the whole privilege was revoked
-- told: A1: authenticated could read own rows, rows of its tenants, some another's rows of public.profiles; now it is refused
-- line: 4
revoke select on table public.profiles from authenticated;
