-- A workspace is named by the token, and nothing else is read.
-- told: sequence public.boards_id_seq is new: nobody can use it
-- told: table public.boards is new: authenticated: select own rows, rows of its tenants (id, workspace_id, name), insert own rows, rows of its tenants (workspace_id, name); authenticated without app_metadata.workspace_id: select no row, insert no row (A1)
create function private.workspace_id()
returns uuid
language sql
stable
set search_path = ''
as $$ select nullif(auth.jwt() -> 'app_metadata' ->> 'workspace_id', '')::uuid $$;
grant execute on function private.workspace_id() to authenticated;
create table public.boards (
    id bigint primary key generated always as identity,
    workspace_id uuid not null,
    name text not null
);
alter table public.boards enable row level security;
create policy "Members of the workspace read boards" on public.boards
for select to authenticated using (workspace_id = (select private.workspace_id()));
create policy "Members of the workspace make boards" on public.boards
for insert to authenticated with check (workspace_id = (select private.workspace_id()));
grant select, insert on public.boards to authenticated;
