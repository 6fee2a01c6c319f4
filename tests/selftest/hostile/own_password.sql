-- finds: the migration reaches beyond its database.*\+role postgres: rolpassword|SQLSTATE 42501
-- Changes its own password, so that nobody else can apply a migration.
ALTER ROLE postgres PASSWORD 'mine';
