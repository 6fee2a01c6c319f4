-- verdict: red
-- because: E3: the policies are there and no role holds a privilege: the defaults of 2026 grant nothing (42501)
-- line: 12
create table public.bookmarks (
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    document_id uuid not null references public.documents (id) on delete cascade,
    primary key (user_id, document_id)
);
create index bookmarks_document_id_idx on public.bookmarks (document_id);
alter table public.bookmarks enable row level security;

create policy "Users keep bookmarks" on public.bookmarks
for all to authenticated
using (user_id = (select auth.uid()))
with check (user_id = (select auth.uid()) and private.can_read_document(document_id));
