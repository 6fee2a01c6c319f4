-- In a function of the definer's, current_user is its owner, whoever asks; and a trigger calls its function each time.
create function private.made_by()
returns name
language sql
immutable
security definer
set search_path = ''
as $$ select current_user $$;
revoke execute on function private.made_by() from public;
grant execute on function private.made_by() to authenticated, service_role;
create function private.note_the_editor()
returns trigger
language plpgsql
immutable
set search_path = ''
as $$
begin
    perform auth.uid(), private.made_by();
    return new;
end;
$$;
create trigger note_the_editor before update on public.feedback
for each row execute function private.note_the_editor();
