-- verdict: green
-- because: a back-fill that adds the rows that are missing, and passes over those that are there
insert into public.profiles (id, display_name)
select u.id, split_part(u.email, '@', 1)
from auth.users as u
on conflict (id) do nothing;
