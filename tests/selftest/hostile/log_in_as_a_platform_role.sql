-- finds: the migration reaches beyond its database.*\+role anon: rolcanlogin true
-- Lets a role of the platform log in.
ALTER ROLE anon LOGIN PASSWORD 'guess';
