-- verdict: green
-- because: a setting of a function, in force while it runs: none of a session, and none of a role
alter function public.search_documents(text, uuid, integer) set statement_timeout = '2s';
