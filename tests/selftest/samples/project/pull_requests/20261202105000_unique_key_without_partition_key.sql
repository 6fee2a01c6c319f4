-- verdict: red
-- because: I1: a unique key of a partitioned table must hold the partition key (0A000)
-- line: 4
alter table public.activity_log add constraint activity_log_id_key unique (id);
