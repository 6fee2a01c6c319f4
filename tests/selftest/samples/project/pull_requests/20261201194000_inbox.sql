-- verdict: green
-- because: visitors may put files into one folder of a private bucket, and read none
insert into storage.buckets (id, name, public, file_size_limit) values ('inbox', 'inbox', false, 1048576)
on conflict (id) do nothing;
create policy "Visitors send files" on storage.objects
for insert to anon
with check (bucket_id = 'inbox' and (storage.foldername(name))[1] = 'new');
