-- the folder is one's own in every bucket, that of the documents too
-- told: A1: authenticated could insert another bucket: no row into storage.objects; now it inserts another bucket: some own rows, some own rows in what is another's, by policy "Users can upload their avatar"
-- line: 4
alter policy "Users can upload their avatar" on storage.objects
with check ((storage.foldername(name))[1] = (select auth.uid())::text);
