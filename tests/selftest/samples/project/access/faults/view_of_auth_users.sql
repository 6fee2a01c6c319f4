-- the addresses of all users, so that the client can look up whom to mention
-- told: A1: view public.users is new: authenticated: select all rows (id, email, raw_user_meta_data)
-- line: 4
create view public.users as select u.id, u.email, u.raw_user_meta_data from auth.users as u;
grant select on table public.users to authenticated;
