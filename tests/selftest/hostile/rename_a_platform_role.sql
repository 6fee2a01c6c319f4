-- finds: the migration reaches beyond its database.*-role authenticated: 
-- Renames a role of the platform.
ALTER ROLE authenticated RENAME TO everyone;
