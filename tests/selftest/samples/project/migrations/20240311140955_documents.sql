create table public.documents (
    id uuid primary key default gen_random_uuid(),
    project_id uuid not null references public.projects (id) on delete cascade,
    author_id uuid default auth.uid() references auth.users (id) on delete set null,
    title text not null,
    body text not null default '',
    storage_path text,
    search tsvector generated always as (to_tsvector('english', title || ' ' || body)) stored,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create index documents_project_id_idx on public.documents (project_id);
create index documents_search_idx on public.documents using gin (search);
create index documents_title_idx on public.documents (title);
create index documents_title_trgm_idx on public.documents using gin (title extensions.gin_trgm_ops);

alter table public.documents enable row level security;

create policy "Members can read documents" on public.documents
for select to authenticated using (private.is_project_member(project_id));

create policy "Members can write documents" on public.documents
for insert to authenticated
with check (private.is_project_member(project_id) and author_id = auth.uid());

create policy "Members can edit documents" on public.documents
for update to authenticated
using (private.is_project_member(project_id))
with check (private.is_project_member(project_id));

create policy "Authors can delete their documents" on public.documents
for delete to authenticated using (author_id = auth.uid() and private.is_project_member(project_id));

create trigger documents_set_updated_at
before update on public.documents
for each row execute function extensions.moddatetime(updated_at);

-- Superseded by project_overview; the old mobile application still calls it.
create function public.project_progress(project uuid)
returns integer
language sql
stable
set search_path = ''
as $$
    select count(*)::integer from public.documents as d where d.project_id = project
$$;
