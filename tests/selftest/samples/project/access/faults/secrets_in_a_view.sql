-- service_role needs the webhook's key, and so it is offered by the API
-- told: A1: view public.app_secrets is new: authenticated: select all rows (name, decrypted_secret); service_role: select all rows
-- line: 4
create view public.app_secrets as select s.name, s.decrypted_secret from vault.decrypted_secrets as s;
grant select on table public.app_secrets to authenticated, service_role;
