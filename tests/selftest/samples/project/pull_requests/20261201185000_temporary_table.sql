-- verdict: green
-- because: a temporary table that goes with the transaction: the session is left as it was
create temporary table old_locales (code text primary key, becomes text not null) on commit drop;
insert into old_locales values ('en_GB', 'en'), ('de_DE', 'de');
update public.profiles as p set locale = o.becomes from old_locales as o where p.locale = o.code;
