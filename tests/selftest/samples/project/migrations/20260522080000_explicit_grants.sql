-- Until now the defaults of the platform gave every role of the API every privilege, TRUNCATE among them, which no
-- policy stops. From now on a role holds what is written here, and a new table grants what it needs in its own file.
alter default privileges for role postgres in schema public
revoke all on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
revoke all on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
revoke all on functions from anon, authenticated, service_role;

revoke all on table
public.profiles, public.teams, public.team_members, public.projects, public.documents, public.comments,
public.invitations, public.customers, public.orders, public.order_lines, public.invoices, public.plans,
public.subscriptions, public.project_overview, public.activity_log, public.activity_log_2024,
public.activity_log_2025, public.activity_log_2026, public.activity_log_rest, public.document_embeddings,
public.refunds, public.api_tokens, public.notifications, public.time_entries
from public, anon, authenticated, service_role;

revoke all on all sequences in schema public from anon, authenticated, service_role;

grant select, insert, update, delete on table
public.profiles, public.teams, public.team_members, public.projects, public.documents, public.comments,
public.invitations, public.customers, public.orders, public.order_lines, public.invoices, public.plans,
public.subscriptions, public.activity_log, public.document_embeddings, public.refunds, public.api_tokens,
public.notifications, public.time_entries
to service_role;
grant select on table public.project_overview to service_role;
-- orders.id may be given by an import, so its sequence is moved by the import.
grant usage, select on sequence public.orders_id_seq to service_role;

grant select on table public.plans to anon;

grant select on table
public.profiles, public.teams, public.team_members, public.projects, public.documents, public.comments,
public.customers, public.orders, public.order_lines, public.invoices, public.plans, public.subscriptions,
public.project_overview, public.activity_log, public.document_embeddings, public.refunds, public.notifications,
public.time_entries
to authenticated;
grant select (id, team_id, email, role, invited_by, expires_at, accepted_at, created_at)
on table public.invitations to authenticated;
grant select (id, team_id, name, created_by, created_at, last_used_at, revoked_at)
on table public.api_tokens to authenticated;

grant update (display_name, avatar_path, locale) on table public.profiles to authenticated;
grant update (name, slug, billing_email), delete on table public.teams to authenticated;
grant update (role), delete on table public.team_members to authenticated;
grant delete on table public.invitations to authenticated;
grant
insert (team_id, name, status, budget, starts_on, ends_on, created_by),
update (name, status, budget, starts_on, ends_on),
delete
on table public.projects to authenticated;
grant
insert (project_id, author_id, title, body, storage_path), update (title, body, storage_path), delete
on table public.documents to authenticated;
grant
insert (document_id, parent_id, author_id, body), update (body, edited_at), delete
on table public.comments to authenticated;
grant
insert (team_id, name, email, phone, country), update (name, email, phone, country), delete
on table public.customers to authenticated;
grant
insert (team_id, customer_id, status, currency, created_by), update (customer_id, status, currency, placed_at), delete
on table public.orders to authenticated;
grant
insert (order_id, position, description, quantity, unit_price),
update (position, description, quantity, unit_price),
delete
on table public.order_lines to authenticated;
grant update (read_at), delete on table public.notifications to authenticated;
grant
insert (project_id, user_id, worked_on, minutes, note), update (project_id, worked_on, minutes, note), delete
on table public.time_entries to authenticated;

revoke execute on function public.project_progress(uuid) from public, anon;
revoke execute on function public.match_documents(extensions.vector, integer) from public, anon;
grant execute on function public.project_progress(uuid) to authenticated, service_role;
grant execute on function public.match_documents(extensions.vector, integer) to authenticated, service_role;
