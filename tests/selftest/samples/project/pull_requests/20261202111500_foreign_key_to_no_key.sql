-- verdict: red
-- because: I1: the columns that it refers to are not unique (42830)
-- line: 6
alter table public.profiles add column plan_name text;
create index profiles_plan_name_idx on public.profiles (plan_name);
alter table public.profiles add constraint profiles_plan_name_fkey
foreign key (plan_name) references public.plans (name);
