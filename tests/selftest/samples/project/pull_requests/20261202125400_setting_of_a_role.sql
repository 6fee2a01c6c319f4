-- verdict: red
-- because: I13: a setting of a role holds in every database and for every application of the server
-- line: 4
alter role authenticated set statement_timeout = '60s';
