-- PostgREST's select=* failed for want of one column
-- told: A1: authenticated could read some own rows, some rows of its tenants of public.invitations; now it reads some own rows, some rows of its tenants with token_hash, by GRANT
-- line: 4
grant select (token_hash) on table public.invitations to authenticated;
