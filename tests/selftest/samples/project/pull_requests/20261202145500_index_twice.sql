-- verdict: red
-- because: E9, I8: project_labels_label_id_idx is the same index
-- line: 4
create index labels_lookup_idx on public.project_labels (label_id);
