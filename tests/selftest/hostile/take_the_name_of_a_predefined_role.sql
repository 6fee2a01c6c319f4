-- finds: SQLSTATE 42939
-- Makes a role of the name that the server asks for.
CREATE ROLE pg_execute_server_program;
GRANT pg_execute_server_program TO postgres;
