-- The trigger sets who has made it: the client gives no name, and no other's.
create function private.set_author()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    new.author_id := auth.uid();
    return new;
end;
$$;
revoke execute on function private.set_author() from public;
create trigger comments_set_author
before insert on public.comments
for each row when (new.author_id is null) execute function private.set_author();
