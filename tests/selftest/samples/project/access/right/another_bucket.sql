-- A private bucket with no policy: the two others stay as they are.
insert into storage.buckets (id, name, public) values ('exports', 'exports', false) on conflict (id) do nothing;
