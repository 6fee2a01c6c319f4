-- Types for which values are seldom drawn: rows can be made of all of them.
-- told: table public.probes is new: authenticated: select own rows, rows of its tenants (id, team_id, address, network, hardware, path and 18 more); service_role: select all rows
create extension if not exists hstore with schema extensions;
create type public.geo_point as (latitude double precision, longitude double precision);
create domain public.percentage as numeric(5, 2) check (value between 0 and 100);
create domain public.slug as text not null check (value ~ '^[a-z][a-z0-9-]{2,40}$');
create table public.probes (
    id uuid primary key default gen_random_uuid(),
    team_id uuid not null references public.teams (id) on delete cascade,
    address inet not null,
    network cidr not null,
    hardware macaddr not null,
    path extensions.citext not null,
    words tsvector not null,
    place public.geo_point not null,
    area box not null,
    load public.percentage not null,
    slug public.slug unique,
    tags text [] not null check (cardinality(tags) between 1 and 5),
    statuses public.project_status [] not null,
    valid_in tstzrange not null check (not isempty(valid_in)),
    seats int4range not null,
    bits bit(8) not null,
    flags bit varying(16) not null,
    cost money not null,
    every interval not null check (every > interval '1 minute'),
    starts time not null,
    document xml,
    settings jsonb not null check (jsonb_typeof(settings) = 'object'),
    attributes extensions.hstore not null,
    raw bytea not null check (octet_length(raw) = 4)
);
create index probes_team_id_idx on public.probes (team_id);
alter table public.probes enable row level security;
create policy "Members read probes" on public.probes
for select to authenticated using (private.is_team_member(team_id));
grant select on table public.probes to authenticated, service_role;
