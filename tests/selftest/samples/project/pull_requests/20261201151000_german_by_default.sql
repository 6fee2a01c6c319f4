-- verdict: green
-- because: another default: for new rows alone
alter table public.profiles alter column locale set default 'de';
