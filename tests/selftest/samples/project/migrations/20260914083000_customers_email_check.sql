-- NOT VALID: new rows are held to it at once, the old ones once they are cleaned up.
alter table public.customers
add constraint customers_email_has_an_at check (position('@' in email::text) > 1) not valid;
