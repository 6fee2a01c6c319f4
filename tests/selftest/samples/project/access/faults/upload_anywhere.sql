-- who is signed in puts files into the projects of others
-- told: A1: authenticated could insert documents bucket: some own rows, some rows of its tenants, some own rows in what is another's into storage.objects; now it inserts documents bucket: any row, by policy "Give users upload access"
-- line: 4
create policy "Give users upload access" on storage.objects
for insert to authenticated
with check (bucket_id = 'documents');
