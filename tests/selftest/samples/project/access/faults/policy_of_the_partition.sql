-- "the same policy as above", and it is not
-- told: A1: anon was refused SELECT on public.activity_log_rest; now it reads all rows (id, occurred_at, team_id, actor_id, action, entity, entity_id), by policy "Read activity"
-- line: 4
create policy "Read activity" on public.activity_log_rest for select using (true);
grant select on table public.activity_log_rest to anon;
