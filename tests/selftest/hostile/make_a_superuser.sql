-- finds: SQLSTATE 42501
-- Makes a superuser, and a password for it.
CREATE ROLE backdoor SUPERUSER LOGIN PASSWORD 'backdoor';
