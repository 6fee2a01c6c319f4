-- finds: SQLSTATE 42501
-- Sends rows to a program on the machine.
CREATE TABLE said (line text);
COPY said TO PROGRAM 'cat > /outside/ran';
