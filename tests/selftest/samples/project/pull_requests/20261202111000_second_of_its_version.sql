-- verdict: red
-- because: I5: a second file of version 20261102083000: schema_migrations refuses it, and the push stops there
-- name: 20261102083000_label_colours.sql
-- line: 1
alter table public.labels alter column colour set default '#666666';
