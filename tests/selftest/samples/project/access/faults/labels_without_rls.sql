-- made anew under the old name: the grants were repeated, row-level security was not
-- told: A1: authenticated could delete own rows, rows of its tenants of public.labels; now it deletes all rows, by row-level security, which is not enabled
-- told: A1: authenticated could insert own rows, rows of its tenants into public.labels; now it inserts any row, by row-level security, which is not enabled
-- told: A1: authenticated could read own rows, rows of its tenants of public.labels; now it reads all rows, by row-level security, which is not enabled
-- line: 6
create table public.labels_new (like public.labels including all);
insert into public.labels_new select * from public.labels;
alter table public.project_labels drop constraint project_labels_label_id_fkey;
drop table public.labels cascade;
alter table public.labels_new rename to labels;
grant select, insert, update, delete on table public.labels to authenticated, service_role;
