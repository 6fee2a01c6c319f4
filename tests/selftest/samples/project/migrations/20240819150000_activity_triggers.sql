create function private.log_activity()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
    insert into public.activity_log (team_id, actor_id, action, entity, entity_id)
    values (new.team_id, auth.uid(), lower(tg_op), tg_table_name, new.id::text);
    return null;
end;
$$;

revoke execute on function private.log_activity() from public;

create trigger projects_log_activity
after insert or update of status on public.projects
for each row execute function private.log_activity();

create trigger orders_log_activity
after insert or update of status on public.orders
for each row execute function private.log_activity();

create trigger invoices_log_activity
after insert or update of paid_at on public.invoices
for each row execute function private.log_activity();
