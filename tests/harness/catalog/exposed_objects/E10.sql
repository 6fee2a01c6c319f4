-- functions with a pinned search_path
-- Hint: CREATE FUNCTION … SET search_path = '', and every name in the body with its schema.
SELECT name, 'looks names up on the path of its caller' FROM functions WHERE NOT (prosecdef OR is_pinned)
