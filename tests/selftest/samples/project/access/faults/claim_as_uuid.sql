-- a claim that a token may lack, cast to uuid: '' is none
-- told: A1: authenticated without team_id could insert some own rows, some rows of its tenants into public.project_labels; now it inserts no row, by policy "By the header" of public.labels
-- told: A2: select on public.labels by authenticated without team_id ends with 22P02: invalid input syntax for type uuid: ""
-- line: 5
create policy "By the header" on public.labels
for select to authenticated
using (team_id = coalesce(auth.jwt() ->> 'team_id', '')::uuid);
