-- verdict: red
-- because: I1: \set is psql's: neither the dashboard nor the CLI knows it
-- line: 4
\set seats 10
update public.plans set seats = :seats where id = 'team-yearly';
