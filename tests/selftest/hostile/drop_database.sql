-- Drops another database of the same owner.
DROP DATABASE neighbour WITH (FORCE);
