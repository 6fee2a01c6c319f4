-- storage.foldername counts from 1: [2] is a folder within it, which the client names
-- told: A1: authenticated could insert avatars bucket: some own rows, some own rows in what is another's into storage.objects; now it inserts avatars bucket: any row, by policy "Users can upload their avatar"
-- line: 4
alter policy "Users can upload their avatar" on storage.objects
with check (bucket_id = 'avatars' and (storage.foldername(name))[1] is not null);
