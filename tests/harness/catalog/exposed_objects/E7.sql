-- no function of the definer for everybody
-- Hint: REVOKE EXECUTE ON FUNCTION … FROM public, then GRANT it to the roles that need it.
-- What returns trigger runs as a trigger alone, whose maker needed the privilege.
SELECT name, 'is SECURITY DEFINER, and PUBLIC may execute it' FROM functions
WHERE prosecdef AND NOT is_for_triggers AND EXISTS (SELECT FROM aclexplode(acl) AS x WHERE x.grantee = 0)
