-- verdict: green
-- because: a private bucket and its policies, on tables of the platform's
insert into storage.buckets (id, name, public)
values ('receipts', 'receipts', false)
on conflict (id) do nothing;

create policy "Users read their receipts" on storage.objects
for select to authenticated
using (bucket_id = 'receipts' and (storage.foldername(name))[1] = (select auth.uid()::text));

create policy "Users upload their receipts" on storage.objects
for insert to authenticated
with check (bucket_id = 'receipts' and (storage.foldername(name))[1] = (select auth.uid()::text));
