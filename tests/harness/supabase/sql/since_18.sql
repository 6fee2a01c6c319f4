-- Since PostgreSQL 18 a server reads through processes of its own, which take memory; and its files are in memory as
-- well. This holds from the next start, when the data comes from the cache.

ALTER SYSTEM SET io_method = 'sync';
