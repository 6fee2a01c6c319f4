-- Lets a role of the platform log in.
ALTER ROLE anon LOGIN PASSWORD 'guess';
