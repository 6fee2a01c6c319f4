create extension if not exists pg_cron;

create function private.delete_expired_invitations()
returns void
language sql
set search_path = ''
as $$
    delete from public.invitations where accepted_at is null and expires_at < now() - interval '30 days'
$$;

revoke execute on function private.delete_expired_invitations() from public;

select cron.schedule('delete-expired-invitations', '15 3 * * *', $$select private.delete_expired_invitations()$$);
