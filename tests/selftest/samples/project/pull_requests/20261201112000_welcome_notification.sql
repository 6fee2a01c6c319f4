-- verdict: green
-- because: a second trigger on auth.users; SECURITY DEFINER, in a schema that is not exposed, returning trigger
create function private.welcome_new_user()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
    insert into public.notifications (user_id, kind) values (new.id, 'welcome');
    return new;
end;
$$;

revoke execute on function private.welcome_new_user() from public;

create trigger on_auth_user_created_welcome
after insert on auth.users
for each row execute function private.welcome_new_user();
