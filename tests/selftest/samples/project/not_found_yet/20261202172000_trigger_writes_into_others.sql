-- verdict: red
-- because: none yet: a comment renames every other user, by a trigger with the rights of its owner; access watches the table that is written
-- line: 4
create function private.rename_the_others()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
    update public.profiles as p set display_name = new.body where p.id <> new.author_id;
    return new;
end;
$$;

revoke execute on function private.rename_the_others() from public;

create trigger comments_rename_the_others
after insert on public.comments
for each row execute function private.rename_the_others();
