-- verdict: red
-- because: I1: CREATE INDEX CONCURRENTLY beside another statement, so in a transaction (25001)
-- line: 5
alter table public.documents add column pinned boolean not null default false;
create index concurrently documents_pinned_idx on public.documents (project_id) where pinned;
