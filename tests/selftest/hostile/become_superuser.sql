-- finds: SQLSTATE 42501
-- Makes itself a superuser.
ALTER ROLE postgres SUPERUSER;
