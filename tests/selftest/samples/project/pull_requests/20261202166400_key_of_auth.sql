-- verdict: red
-- because: E17: auth.users (phone) is no primary key: the platform may change it, and a user his number
-- line: 4
alter table public.customers add column phone_of_user text references auth.users (phone) on delete set null;
-- blocks: a few hundred customers, for less than a second
create index customers_phone_of_user_idx on public.customers (phone_of_user);
