-- Who writes must write less; whose rows are written stays.
alter table public.customers add constraint customers_name_is_short check (char_length(name) <= 200) not valid;
