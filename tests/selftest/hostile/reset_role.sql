-- finds: SQLSTATE 42501
-- Goes back to who opened the connection, in case that was a superuser.
RESET SESSION AUTHORIZATION;
RESET ROLE;
ALTER ROLE postgres SUPERUSER;
