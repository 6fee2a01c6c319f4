-- finds: SQLSTATE 42501
-- Reaches another server by dblink.
CREATE EXTENSION dblink;
SELECT dblink_connect('host=127.0.0.1 port=5432');
