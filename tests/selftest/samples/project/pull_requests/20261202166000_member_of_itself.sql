-- verdict: red
-- because: E12: inside of EXISTS, team_id is that of team_members: whoever is in any team reads every project's labels
-- line: 4
create policy "Teammates read labels" on public.project_labels
for select to authenticated
using (
    exists (
        select from public.team_members as m
        where m.user_id = (select auth.uid()) and m.team_id = team_id
    )
);
