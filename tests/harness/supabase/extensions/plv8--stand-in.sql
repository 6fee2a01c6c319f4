-- Nothing reads a body, and a call ends in a syntax error. Source: plv8/plv8, plv8.control.common.

DO $$ BEGIN CREATE TRUSTED LANGUAGE plv8 HANDLER plpgsql_call_handler; END $$;
