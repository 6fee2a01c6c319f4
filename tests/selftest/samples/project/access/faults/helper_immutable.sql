-- "It is the same for the whole query": for the whole life of a prepared statement, whoever sends the next request
-- told: E29: private.has_team_role(uuid,public.team_role[]) is IMMUTABLE, and reads auth.uid(): what it returned for one user
-- line: 4
alter function private.has_team_role(uuid, public.team_role []) immutable;
