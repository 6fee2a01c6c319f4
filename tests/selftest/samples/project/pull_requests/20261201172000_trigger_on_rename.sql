-- verdict: green
-- because: a trigger replaced by one for more columns; CREATE OR REPLACE TRIGGER is there from PostgreSQL 14 on
create or replace trigger projects_log_activity
after insert or update of status, name on public.projects
for each row execute function private.log_activity();
