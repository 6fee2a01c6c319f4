-- finds: the migration reaches beyond its database.*-database neighbour: 
-- Drops another database of the same owner.
DROP DATABASE neighbour WITH (FORCE);
