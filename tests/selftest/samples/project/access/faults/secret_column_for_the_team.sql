-- the key of the payment provider, readable for every member through the table's privilege
-- told: A1: authenticated could read own rows, rows of its tenants of public.subscriptions; now it reads own rows, rows of its tenants with provider_secret, by column provider_secret
-- line: 4
alter table public.subscriptions add column provider_secret text;
