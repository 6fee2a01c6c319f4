create extension if not exists vector with schema extensions;

create table public.document_embeddings (
    document_id uuid primary key references public.documents (id) on delete cascade,
    model text not null default 'gte-small',
    embedding extensions.vector(384),
    computed_at timestamptz
);

alter table public.document_embeddings enable row level security;

create policy "Members read embeddings of their documents" on public.document_embeddings
for select to authenticated using (private.can_read_document(document_id));

create function public.match_documents(query_embedding extensions.vector(384), most integer default 10)
returns table (document_id uuid, distance double precision)
language plpgsql
stable
security invoker
set search_path = ''
as $$
begin
    return query
    select e.document_id, e.embedding operator(extensions.<=>) query_embedding
    from public.document_embeddings as e
    where e.embedding is not null
    order by 2
    limit least(most, 100);
end;
$$;
