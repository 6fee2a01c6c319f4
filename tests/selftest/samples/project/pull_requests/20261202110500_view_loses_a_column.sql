-- verdict: red
-- because: I1: CREATE OR REPLACE VIEW cannot drop a column (42P16)
-- line: 4
create or replace view public.project_overview
with (security_invoker = true) as
select p.id, p.team_id, p.name, p.status from public.projects as p;
