-- verdict: green
-- because: the trigger is on again at the end of the same file
alter table public.customers disable trigger user;
-- blocks: a few hundred customers, for less than a second
update public.customers set country = 'DE' where country is null and phone like '+49%';
alter table public.customers enable trigger user;
