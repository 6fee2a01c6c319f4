-- verdict: green
-- because: an extension that is there is passed over, one that is trusted is made
create extension if not exists pgcrypto with schema extensions;
create extension if not exists unaccent with schema extensions;
