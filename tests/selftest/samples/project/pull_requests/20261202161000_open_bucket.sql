-- verdict: red
-- because: E24: whoever has the public key reads, overwrites and deletes the files of every project
-- line: 4
create policy "Documents are editable" on storage.objects
for all to anon, authenticated
using (bucket_id = 'documents') with check (bucket_id = 'documents');
