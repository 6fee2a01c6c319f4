"""PostgreSQL's system catalogs: objects of a table, snapshots of a database, rules for exposed objects."""
