-- verdict: green
-- because: a materialized view, where the API does not look
create materialized view private.time_per_project as
select t.project_id, sum(t.minutes) as minutes from public.time_entries as t group by t.project_id;

create unique index time_per_project_project_id_idx on private.time_per_project (project_id);
