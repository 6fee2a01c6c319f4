-- verdict: green
-- because: an index dropped concurrently, alone in its file; no row is lost by it
drop index concurrently if exists public.documents_title_idx;
