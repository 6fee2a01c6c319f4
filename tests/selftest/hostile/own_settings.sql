-- finds: the migration reaches beyond its database.*\+setting of role postgres .*local_preload_libraries=nothing
-- Lets every later session of its role fail.
ALTER ROLE postgres SET local_preload_libraries = 'nothing';
