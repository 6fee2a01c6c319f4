-- verdict: green
-- because: UPDATE of one row of the platform's, named by its key
update storage.buckets set file_size_limit = 104857600 where id = 'documents';
