-- verdict: red
-- because: I13: whoever has the public key may act as service_role, which row-level security does not stop
-- line: 4
grant service_role to anon;
