-- finds: SQLSTATE 42501
-- Makes a language that is not trusted.
CREATE LANGUAGE anything HANDLER plpgsql_call_handler;
