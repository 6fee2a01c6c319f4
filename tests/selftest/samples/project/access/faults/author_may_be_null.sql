-- what is nobody's may be written by everybody, into every project
-- told: A1: authenticated could insert own rows into public.documents; now it inserts own rows, nobody's rows, by policy "Anonymous notes"
-- line: 4
create policy "Anonymous notes" on public.documents
for insert to authenticated
with check (author_id is null);
