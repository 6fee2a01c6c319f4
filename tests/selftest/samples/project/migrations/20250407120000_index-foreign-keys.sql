-- What the linter of the dashboard had found: deleting a user or an order read these tables from end to end.
create index teams_created_by_idx on public.teams (created_by);
create index projects_created_by_idx on public.projects (created_by);
create index documents_author_id_idx on public.documents (author_id);
create index comments_parent_id_document_id_idx on public.comments (parent_id, document_id);
create index comments_author_id_idx on public.comments (author_id);
create index invitations_invited_by_idx on public.invitations (invited_by);
create index orders_team_id_idx on public.orders (team_id);
create index orders_created_by_idx on public.orders (created_by);
create index invoices_order_id_idx on public.invoices (order_id);
create index subscriptions_plan_id_idx on public.subscriptions (plan_id);
