-- anon reads every link's token: the application was to check it
-- told: A1: table public.share_links is new: anon: select all rows
-- line: 4
create table public.share_links (
    token text primary key default encode(extensions.gen_random_bytes(24), 'hex'),
    document_id uuid not null references public.documents (id) on delete cascade,
    expires_at timestamptz not null default now() + interval '14 days'
);
create index share_links_document_id_idx on public.share_links (document_id);
alter table public.share_links enable row level security;
grant select on table public.share_links to anon;
grant select, insert, update, delete on table public.share_links to service_role;
create policy "Links can be opened" on public.share_links for select to anon using (true);
