-- Takes the time limit from a role of the platform.
ALTER ROLE authenticated SET statement_timeout = 0;
