-- Who signed up by telephone has no name yet.
update public.profiles
set display_name = 'User ' || left(id::text, 8)
where display_name is null;
