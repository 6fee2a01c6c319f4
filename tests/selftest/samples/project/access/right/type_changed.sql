-- A wider type.
alter table public.customers alter column phone type varchar(64);
alter table public.profiles alter column locale set default 'de';
