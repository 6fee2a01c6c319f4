-- finds: the migration reaches beyond its database.*\+setting of role authenticated .*statement_timeout=0
-- Takes the time limit from a role of the platform.
ALTER ROLE authenticated SET statement_timeout = 0;
