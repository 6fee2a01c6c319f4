-- What the rules are asked of. The parameters are the exposed schemas and the API's roles.
WITH
-- A permissive policy as one row for each role and command that it is for; PUBLIC stands for each API role.
policies AS (
    SELECT
        p.polrelid, p.polname, p.polqual, coalesce(p.polwithcheck, p.polqual) AS polcheck,
        r.oid AS role, r.rolname, k.command, 0 = ANY (p.polroles) AS is_public
    FROM pg_policy AS p
    INNER JOIN (VALUES ('r', 'SELECT'), ('a', 'INSERT'), ('w', 'UPDATE'), ('d', 'DELETE')) AS k (letter, command)
        ON p.polcmd::text IN ('*', k.letter)
    INNER JOIN pg_roles AS r ON r.oid = ANY (p.polroles) OR (0 = ANY (p.polroles) AND r.rolname = ANY (%(roles)s))
    WHERE p.polpermissive
),

tables AS (
    SELECT c.oid, c.oid::regclass::text AS name, c.relrowsecurity, c.relowner
    FROM pg_class AS c WHERE c.relkind IN ('r', 'p', 'f') AND c.relnamespace::regnamespace::text = ANY (%(schemas)s)
),

-- An extension's functions are the extension's own affair.
functions AS (
    SELECT
        f.oid::regprocedure::text AS name, f.prosecdef, coalesce(f.proacl, acldefault('f', f.proowner)) AS acl,
        EXISTS (SELECT FROM unnest(f.proconfig) AS s (setting) WHERE starts_with(s.setting, 'search_path=')) AS is_pinned,
        f.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype) AS is_for_triggers
    FROM pg_proc AS f
    WHERE
        f.prokind <> 'a' AND f.pronamespace::regnamespace::text = ANY (%(schemas)s)
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = f.oid AND classid = 'pg_proc'::regclass AND deptype = 'e')
)
