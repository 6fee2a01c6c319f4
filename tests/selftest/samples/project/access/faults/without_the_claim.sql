-- a token without the claim is let through: it is what every user has who has not chosen a workspace
-- told: A1: table public.boards is new: authenticated: select own rows, rows of its tenants (id, workspace_id, name); authenticated without app_metadata.workspace_id: select all rows (id, workspace_id, name)
-- line: 4
create table public.boards (
    id bigint primary key generated always as identity,
    workspace_id uuid not null,
    name text not null
);
alter table public.boards enable row level security;
create policy "Members of the workspace read boards" on public.boards
for select to authenticated
using (
    workspace_id = (select (auth.jwt() -> 'app_metadata' ->> 'workspace_id')::uuid)
    or (select auth.jwt() -> 'app_metadata' ->> 'workspace_id') is null
);
grant select on public.boards to authenticated;
