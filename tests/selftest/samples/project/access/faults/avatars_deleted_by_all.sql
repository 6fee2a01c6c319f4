-- the folder was forgotten
-- told: A1: authenticated could delete avatars bucket: some own rows of storage.objects; now it deletes avatars bucket: all rows, by policy "Users can delete their avatar"
-- line: 4
alter policy "Users can delete their avatar" on storage.objects
using (bucket_id = 'avatars');
