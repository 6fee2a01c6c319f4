-- In a schema that the API does not offer.
create table private.exchange_rates (
    currency public.currency_code primary key,
    rate numeric(14, 6) not null check (rate > 0)
);
grant select on table private.exchange_rates to authenticated;
