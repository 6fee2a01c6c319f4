-- verdict: red
-- because: none yet: functions that policies call name the old column in their bodies: every read fails with 42703
-- line: 4
alter table public.team_members rename column user_id to member_id;
