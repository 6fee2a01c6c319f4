-- so that an index can be on it
-- told: E29: public.current_locale() is IMMUTABLE, and reads current_setting('request.jwt.claims'): what it returned for one user
-- line: 4
create function public.current_locale()
returns text
language sql
immutable
set search_path = ''
as $$ select coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'locale', 'en') $$;
revoke execute on function public.current_locale() from public, anon;
grant execute on function public.current_locale() to authenticated;
