-- the columns are granted to everybody, and anon is one of them
-- told: E30: public.plans has column name, which was taken from anon, which holds SELECT on it as one of PUBLIC
-- line: 6
revoke select on table public.plans from anon, authenticated;
grant select (id, name) on table public.plans to public;
revoke select (name) on table public.plans from anon;
