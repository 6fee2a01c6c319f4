-- finds: the migration reaches beyond its database.*\+database another: 
-- Makes another database.
CREATE DATABASE another;
