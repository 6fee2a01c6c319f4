-- who is in two teams takes the projects of the one into the other: both sides of the policy hold
-- told: A1: authenticated could change own rows, rows of its tenants of public.projects; now it changes own rows, rows of its tenants with team_id = its own, by GRANT
-- line: 4
grant update (team_id) on table public.projects to authenticated;
