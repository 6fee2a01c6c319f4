-- verdict: green
-- because: broadcast from the database: realtime.send in a trigger function of a schema that is not exposed
create function private.broadcast_comment()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
    perform realtime.send(
        jsonb_build_object('comment', new.id, 'document', new.document_id),
        'comment_added',
        (
            select 'team:' || p.team_id
            from public.documents as d
            inner join public.projects as p on d.project_id = p.id
            where d.id = new.document_id
        ),
        true
    );
    return null;
end;
$$;

revoke execute on function private.broadcast_comment() from public;

create trigger comments_broadcast
after insert on public.comments
for each row execute function private.broadcast_comment();
