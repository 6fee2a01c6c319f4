-- Makes itself a superuser.
ALTER ROLE postgres SUPERUSER;
