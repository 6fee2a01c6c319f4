-- IMMUTABLE, and speaks of auth.uid() and current_user in a comment, a string and a default alone
-- told: function public.owner_label(uuid,uuid) is new
create function public.owner_label(owner uuid, reader uuid default auth.uid())
returns text
language sql
immutable
set search_path = ''
as $$
    -- not auth.uid(): the caller may be given
    select case when owner = reader then 'yours' else 'another''s, not auth.uid() or current_user' end
$$;
revoke execute on function public.owner_label(uuid, uuid) from public, anon;
grant execute on function public.owner_label(uuid, uuid) to authenticated;
