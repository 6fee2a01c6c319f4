-- verdict: green
-- because: built concurrently, alone in its file; it can be in no transaction, and that is right
create index concurrently if not exists comments_author_id_created_at_idx
on public.comments (author_id, created_at desc);
