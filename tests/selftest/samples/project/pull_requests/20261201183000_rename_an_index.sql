-- verdict: green
-- because: an index renamed: nothing in the application knows its name
alter index public.documents_search_idx rename to documents_search_gin_idx;
