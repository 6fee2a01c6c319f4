-- verdict: green
-- because: a policy replaced, in the one transaction of its file: nobody meets the table without it
drop policy "Authors can delete their comments" on public.comments;
create policy "Authors and admins can delete comments" on public.comments
for delete to authenticated
using (
    (author_id = (select auth.uid()) and private.can_read_document(document_id))
    or exists (
        select from public.documents as d
        inner join public.projects as p on d.project_id = p.id
        where d.id = comments.document_id and private.has_team_role(p.team_id, '{owner,admin}')
    )
);
