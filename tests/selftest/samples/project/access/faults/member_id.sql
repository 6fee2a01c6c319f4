-- functions that policies call name the old column in their bodies: every read fails with 42703
-- told: A2: ends with 42703: column m.user_id does not exist
alter table public.team_members rename column user_id to member_id;
