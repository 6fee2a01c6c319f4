-- Lets every later session of its role fail.
ALTER ROLE postgres SET local_preload_libraries = 'nothing';
