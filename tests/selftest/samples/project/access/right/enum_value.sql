-- One status more, that no policy names.
alter type public.project_status add value if not exists 'archived';
