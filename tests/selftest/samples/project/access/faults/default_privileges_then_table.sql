-- the default privileges come back for one table, which has no row-level security
-- told: A1: table public.waitlist is new: anon: select all rows (id, email, created_at), insert any row (email, created_at), update all rows (email, created_at), delete all rows, truncate all rows; authenticated: select all rows (id, email, created_at), insert any row (email, created_at), update all rows (email, created_at), delete all rows, truncate all rows
-- line: 5
alter default privileges for role postgres in schema public grant all on tables to anon, authenticated;
create table public.waitlist (
    id bigint generated always as identity primary key,
    email extensions.citext not null unique,
    created_at timestamptz not null default now()
);
