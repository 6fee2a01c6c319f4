-- as if what was taken first stayed away: the GRANT is on the whole table
-- told: E30: public.api_tokens has a column that was taken from authenticated, which holds SELECT on the whole table
-- line: 4
revoke all (token_hash) on table public.api_tokens from authenticated;
grant select on table public.api_tokens to authenticated;
