-- split_part in place of storage.foldername, for names that have a folder.
alter policy "Users can delete their avatar" on storage.objects
using (bucket_id = 'avatars' and split_part(name, '/', 1) = (select auth.uid())::text);
