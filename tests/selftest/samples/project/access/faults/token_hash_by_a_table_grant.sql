-- the table's privilege covers what the columns' privileges left out: the hashes of the tokens
-- told: A1: authenticated could read some own rows, some rows of its tenants of public.api_tokens; now it reads some own rows, some rows of its tenants with token_hash, by GRANT
-- line: 4
grant select on table public.api_tokens to authenticated;
