-- USAGE of a schema is asked for by name: policies know their functions by number, and decide as before.
revoke usage on schema private from authenticated;
