-- nothing decided by what users write of themselves
-- Hint: read app_metadata, which the service role alone writes, or a table of the project's.
-- A policy, or a function that one calls. storage.objects has a column user_metadata too, which is another thing.
SELECT format('%%s, policy %%s', e.name, e.polname), 'decides by user_metadata, which users write themselves'
FROM expressions AS e
WHERE e.expression ~ 'jwt.*''\{?user_metadata|\mraw_user_meta_data\M'
UNION
SELECT f.name,
    format('decides by user_metadata, which users write themselves, for policy %%s of %%s', e.polname, e.name)
FROM expressions AS e
INNER JOIN pg_depend AS d
    ON e.oid = d.objid AND d.classid = 'pg_policy'::regclass AND d.refclassid = 'pg_proc'::regclass
INNER JOIN texts AS f ON d.refobjid::regprocedure::text = f.name
WHERE f.text ~ 'jwt.*''\{?user_metadata|\mraw_user_meta_data\M'
