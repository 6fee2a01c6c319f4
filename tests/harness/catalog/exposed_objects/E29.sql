-- nothing kept of who asked
-- Hint: declare it STABLE: CREATE FUNCTION … STABLE, or ALTER FUNCTION … STABLE.
-- Of an IMMUTABLE function, the plan of a prepared statement holds the result. A trigger calls its function each time.
SELECT b.name, format(
    'is IMMUTABLE, and reads %%s%%s%%s: what it returned for one user, a prepared statement keeps for the next',
    min(r.what), CASE WHEN min(r.what) ~ '\(' THEN ')' ELSE '' END,
    CASE WHEN bool_and(r.is_by_call) THEN ' by a function that it calls' ELSE '' END
)
FROM bodies AS b INNER JOIN readers AS r ON b.oid = r.oid
WHERE b.provolatile = 'i' AND NOT b.is_for_triggers
GROUP BY b.name
