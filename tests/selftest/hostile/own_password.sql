-- Changes its own password, so that nobody else can apply a migration.
ALTER ROLE postgres PASSWORD 'mine';
