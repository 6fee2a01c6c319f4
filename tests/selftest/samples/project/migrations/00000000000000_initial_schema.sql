-- What every later file builds on: extensions in their own schema, and a schema that the API does not offer.
create extension if not exists pgcrypto with schema extensions;
create extension if not exists "uuid-ossp" with schema extensions;
create extension if not exists citext with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists moddatetime with schema extensions;

create schema if not exists private;
grant usage on schema private to authenticated, service_role;

-- Two letters as in ISO 3166-1, three as in ISO 4217.
create domain public.country_code as text check (value ~ '^[A-Z]{2}$');
create domain public.currency_code as text default 'EUR' check (value ~ '^[A-Z]{3}$');
