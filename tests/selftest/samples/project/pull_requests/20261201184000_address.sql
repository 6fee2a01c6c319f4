-- verdict: green
-- because: a type, a domain, and a column of the one that may be null
create domain public.postal_code as text check (char_length(value) between 2 and 12);
create type public.address as (street text, postal_code public.postal_code, city text, country public.country_code);
alter table public.customers add column address public.address;
grant insert (address), update (address) on table public.customers to authenticated;
