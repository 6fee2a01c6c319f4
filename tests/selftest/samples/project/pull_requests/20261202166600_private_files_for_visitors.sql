-- verdict: red
-- because: E24: the bucket is private, and whoever has the public key reads each of its files
-- line: 4
create policy "Documents can be opened" on storage.objects
for select to anon using (bucket_id = 'documents');
