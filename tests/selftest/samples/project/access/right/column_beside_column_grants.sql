-- api_tokens grants its columns one by one, and nobody has got the new one.
alter table public.api_tokens add column secret_salt text not null default '';
