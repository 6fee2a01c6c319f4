-- functions of the definer with a pinned search_path
-- Hint: CREATE FUNCTION … SET search_path = '', and every name in the body with its schema.
SELECT name, 'has the rights of its owner, and looks names up on the path of its caller' FROM functions
WHERE prosecdef AND NOT is_pinned
