-- a definer function that changes the row whose id it is given
-- told: A1: function public.save_profile(uuid,text) is new: authenticated: execute as its owner
-- line: 4
create function public.save_profile(profile_id uuid, new_name text)
returns void
language sql
security definer
set search_path = ''
as $$ update public.profiles as p set display_name = new_name where p.id = profile_id $$;
revoke execute on function public.save_profile(uuid, text) from public, anon;
grant execute on function public.save_profile(uuid, text) to authenticated;
