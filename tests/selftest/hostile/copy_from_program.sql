-- finds: SQLSTATE 42501
-- Runs a program on the machine, by COPY.
CREATE TABLE said (line text);
COPY said FROM PROGRAM 'touch /outside/ran';
