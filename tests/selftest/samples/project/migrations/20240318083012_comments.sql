create table public.comments (
    id bigint generated always as identity primary key,
    document_id uuid not null references public.documents (id) on delete cascade,
    parent_id bigint,
    author_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    body text not null check (char_length(body) between 1 and 10000),
    created_at timestamptz not null default now(),
    edited_at timestamptz,
    unique (id, document_id),
    -- An answer stands under the same document.
    foreign key (parent_id, document_id) references public.comments (id, document_id) on delete cascade
);

create index comments_document_id_created_at_idx on public.comments (document_id, created_at);

alter table public.comments enable row level security;

create function private.can_read_document(document uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
    select exists (
        select from public.documents as d where d.id = document and private.is_project_member(d.project_id)
    )
$$;

revoke execute on function private.can_read_document(uuid) from public;
grant execute on function private.can_read_document(uuid) to authenticated, service_role;

create policy "Members can read comments" on public.comments
for select to authenticated using (private.can_read_document(document_id));

create policy "Members can comment" on public.comments
for insert to authenticated
with check (private.can_read_document(document_id) and author_id = auth.uid());
