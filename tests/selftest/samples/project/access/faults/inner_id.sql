-- the inner id is the project's own: whoever has a project reads every document
-- told: A1: authenticated could read own rows, rows of its tenants of public.documents; now it reads all rows, by policy "Members can read documents"
-- line: 5
drop policy "Members can read documents" on public.documents;
create policy "Members can read documents" on public.documents
for select to authenticated
using (
    exists (
        select from public.projects as p
        inner join public.team_members as m on p.team_id = m.team_id
        where p.id = id and m.user_id = (select auth.uid())
    )
);
