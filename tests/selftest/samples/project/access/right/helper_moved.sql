-- The policies follow the function: they know it by its number.
create schema if not exists authorization_helpers;
grant usage on schema authorization_helpers to authenticated, service_role;
alter function private.shares_team_with(uuid) set schema authorization_helpers;
