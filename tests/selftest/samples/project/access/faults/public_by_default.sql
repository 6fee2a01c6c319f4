-- a switch with the wrong default: each project is public until its team finds the switch
-- told: A1: anon was refused SELECT on public.projects; now it reads all rows where is_public is true (id, team_id, name, status, budget, starts_on and 5 more), by policy "Public projects"
-- told: A1: authenticated could read own rows, rows of its tenants of public.projects; now it reads own rows, rows of its tenants, another's rows where is_public is true, nobody's rows where is_public is true with is_public, by policy "Public projects"
-- told: A1: authenticated could read own rows, rows of its tenants of public.project_overview; now it reads own rows, rows of its tenants, some another's rows, some nobody's rows, by policy "Public projects" of public.projects
-- line: 7
alter table public.projects add column is_public boolean not null default true;
create policy "Public projects" on public.projects for select to anon, authenticated using (is_public);
grant select on table public.projects to anon;
