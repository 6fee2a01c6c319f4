-- Alone in its file: it can run in no transaction, and keeps nobody from writing orders.
create index concurrently if not exists orders_team_id_placed_at_idx on public.orders (team_id, placed_at desc);
