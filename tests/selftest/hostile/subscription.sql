-- finds: SQLSTATE 42501
-- Makes the server subscribe to another one.
CREATE SUBSCRIPTION elsewhere CONNECTION 'host=127.0.0.1' PUBLICATION all_of_it WITH (connect = false);
