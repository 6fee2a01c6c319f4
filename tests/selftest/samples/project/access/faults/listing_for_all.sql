-- the bucket is private, and its files are listed, and by that read, by everybody
-- told: A1: authenticated could read documents bucket: some own rows, some rows of its tenants of storage.objects; now it reads documents bucket: all rows, by policy "Public listing"
-- line: 4
create policy "Public listing" on storage.objects
for select
using (bucket_id = 'documents');
