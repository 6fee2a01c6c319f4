-- verdict: red
-- because: I1: SET NOT NULL on a column in which the seeds left a null (23502)
-- line: 4
alter table public.plans alter column description set not null;
