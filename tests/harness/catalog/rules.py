"""Rules for everything in an exposed schema: each is a query for the objects that break it.

PostgREST offers every table, view and function of these schemas to whoever has the project's public key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.harness.core.roles import API_ROLES
from tests.harness.server.session import Session

SCHEMAS = ("public",)

# A permissive policy as one row for each role and command that it is for; PUBLIC stands for each API role.
POLICIES = """
SELECT
    p.polrelid, p.polname, p.polqual, coalesce(p.polwithcheck, p.polqual) AS polcheck,
    r.oid AS role, r.rolname, k.command
FROM pg_policy AS p
INNER JOIN (VALUES ('r', 'SELECT'), ('a', 'INSERT'), ('w', 'UPDATE'), ('d', 'DELETE')) AS k (letter, command)
    ON p.polcmd::text IN ('*', k.letter)
INNER JOIN pg_roles AS r ON r.oid = ANY (p.polroles) OR (0 = ANY (p.polroles) AND r.rolname = ANY (%(roles)s))
WHERE p.polpermissive
"""
TABLES = """
SELECT c.oid, c.oid::regclass::text AS name, c.relrowsecurity, c.relowner
FROM pg_class AS c WHERE c.relkind IN ('r', 'p', 'f') AND c.relnamespace::regnamespace::text = ANY (%(schemas)s)
"""
# An extension's functions are the extension's own affair.
FUNCTIONS = """
SELECT
    f.oid::regprocedure::text AS name, f.proconfig, f.prosecdef, coalesce(f.proacl, acldefault('f', f.proowner)) AS acl
FROM pg_proc AS f
WHERE
    f.prokind <> 'a' AND f.pronamespace::regnamespace::text = ANY (%(schemas)s)
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = f.oid AND classid = 'pg_proc'::regclass AND deptype = 'e')
"""
COMMON = f"WITH policies AS ({POLICIES}), tables AS ({TABLES}), functions AS ({FUNCTIONS})"


@dataclass(frozen=True)
class Finding:
    """An object that breaks a rule: the clause, the object, and what is wrong with it."""

    clause: str
    object: str
    what: str


@dataclass(frozen=True)
class Rule:
    """One rule: its name, its clause (tests/access/RULES.md), how to repair what breaks it, and the query for that.

    The query returns object and what is wrong. Where the catalog alone cannot tell, `confirmed` is asked of each of its
    rows, which then have more columns.
    """

    name: str
    clause: str
    hint: str
    query: str
    confirmed: Callable[[Session, str, str], bool] | None = None

    def broken_by(self, session: Session) -> list[Finding]:
        """Find what breaks it, with the rights of a superuser; leaves the transaction with another search_path."""
        session.run("SET LOCAL search_path = ''")
        cursor = session.connection.execute(
            f"{COMMON} {self.query}".encode(), {"schemas": list(SCHEMAS), "roles": list(API_ROLES)}
        )
        rows = [tuple(map(str, row)) for row in cursor]
        if self.confirmed is not None:
            rows = [row for row in rows if self.confirmed(session, *row[2:])]
        return [Finding(self.clause, *row[:2]) for row in sorted(rows)]


def _always_true(session: Session, table: str, test: str) -> bool:
    """Whether the planner drops the test, or would from PostgreSQL 17 on: NOT NULL columns are not null."""
    never_null = session.connection.execute(
        "SELECT bool_or(%s = format('(%%I IS NOT NULL)', attname)) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnotnull",
        (test, table),
    ).fetchone()
    if never_null == (True,):
        return True
    plan = session.connection.execute(f"EXPLAIN (COSTS OFF) SELECT FROM {table} WHERE {test}".encode(), prepare=False)
    return not any("Filter:" in str(line) or "Cond:" in str(line) for line in plan)


RULES = (
    Rule(
        "row-level security",
        "E1",
        "ALTER TABLE … ENABLE ROW LEVEL SECURITY; if that cannot be, move the table to a schema that is not exposed.",
        "SELECT name, 'has no row-level security' FROM tables WHERE NOT relrowsecurity",
    ),
    Rule(
        "no write policy open to all",
        "E2",
        "name the rows in the policy, or leave writing to service_role.",
        """
        SELECT
            format('%%s, policy %%s', t.name, p.polname),
            format('holds %%s by %%s to a test that is always true', p.command, p.rolname),
            t.name,
            pg_get_expr(e.test, t.oid)
        FROM tables AS t INNER JOIN policies AS p ON t.oid = p.polrelid
        CROSS JOIN LATERAL (
            VALUES ('{UPDATE,DELETE}'::text [], p.polqual), ('{INSERT,UPDATE}', p.polcheck)
        ) AS e (commands, test)
        WHERE p.rolname IN ('anon', 'authenticated') AND p.command = ANY (e.commands) AND e.test IS NOT NULL
        """,
        _always_true,
    ),
    Rule(
        "a privilege for each policy",
        "E3",
        "GRANT the privilege, or take the role or the command out of the policy.",
        """
        SELECT format('%%s, policy %%s, %%s', t.name, p.polname, p.rolname),
            'is for ' || string_agg(p.command, ', ' ORDER BY p.command) || ', which the role may not'
        FROM tables AS t INNER JOIN policies AS p ON t.oid = p.polrelid
        WHERE NOT has_table_privilege(p.role, t.oid, p.command)
            AND (p.command = 'DELETE' OR NOT has_any_column_privilege(p.role, t.oid, p.command))
        GROUP BY t.name, p.polname, p.rolname
        """,
    ),
    Rule(
        "a policy for each privilege",
        "E4",
        "REVOKE the privilege, or write the policy.",
        """
        SELECT format('%%s, %%s, %%s', t.name, r.rolname, k.command), 'is granted, and no policy is for it'
        FROM tables AS t
        INNER JOIN pg_roles AS r ON r.rolname = ANY (%(roles)s)
        CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS k (command)
        LEFT JOIN policies AS p ON t.oid = p.polrelid AND r.oid = p.role AND k.command = p.command
        WHERE p.polname IS NULL AND CASE k.command
            WHEN 'DELETE' THEN has_table_privilege(r.oid, t.oid, k.command)
            ELSE has_any_column_privilege(r.oid, t.oid, k.command)
        END
        """,
    ),
    Rule(
        "nothing beyond rows",
        "E5",
        "REVOKE ALL … FROM public, anon, authenticated, service_role, then GRANT what each role needs.",
        """
        SELECT format('%%s, %%s, %%s', t.name, r.rolname, x.privilege_type), 'is granted'
        FROM tables AS t
        INNER JOIN pg_roles AS r ON r.rolname = ANY (%(roles)s)
        CROSS JOIN aclexplode(acldefault('r', t.relowner)) AS x
        WHERE x.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
            AND has_table_privilege(r.oid, t.oid, x.privilege_type)
        """,
    ),
    Rule(
        "functions with a pinned search_path",
        "E6",
        "CREATE FUNCTION … SET search_path = '', and every name in the body with its schema.",
        """
        SELECT name, 'looks names up on the path of its caller' FROM functions
        WHERE NOT EXISTS (SELECT FROM unnest(proconfig) AS s (setting) WHERE starts_with(s.setting, 'search_path='))
        """,
    ),
    Rule(
        "no function of the definer for everybody",
        "E7",
        "REVOKE EXECUTE ON FUNCTION … FROM public, then GRANT it to the roles that need it.",
        """
        SELECT name, 'is SECURITY DEFINER, and PUBLIC may execute it' FROM functions
        WHERE prosecdef AND EXISTS (SELECT FROM aclexplode(acl) AS x WHERE x.grantee = 0)
        """,
    ),
    Rule(
        "views with the rights of the caller",
        "E8",
        "CREATE VIEW … WITH (security_invoker = true); a materialized view, or any before 15, elsewhere.",
        """
        SELECT v.oid::regclass, 'shows what its owner may see' FROM pg_class AS v
        WHERE v.relkind IN ('v', 'm') AND v.relnamespace::regnamespace::text = ANY (%(schemas)s)
            AND NOT EXISTS (
                SELECT FROM pg_options_to_table(v.reloptions) AS o
                WHERE o.option_name = 'security_invoker' AND o.option_value::boolean
            )
        """,
    ),
    Rule(
        "no index twice",
        "E9",
        "drop the one that no constraint needs.",
        """
        SELECT b.indexrelid::regclass, format('is the same index as %%s', a.indexrelid::regclass)
        FROM tables AS t
        INNER JOIN pg_index AS a ON t.oid = a.indrelid
        INNER JOIN pg_index AS b ON t.oid = b.indrelid AND a.indexrelid < b.indexrelid
        WHERE (a.indkey::text, a.indnkeyatts, a.indclass::text, a.indcollation::text, a.indoption::text)
            = (b.indkey::text, b.indnkeyatts, b.indclass::text, b.indcollation::text, b.indoption::text)
            AND pg_get_expr(a.indexprs, t.oid) IS NOT DISTINCT FROM pg_get_expr(b.indexprs, t.oid)
            AND pg_get_expr(a.indpred, t.oid) IS NOT DISTINCT FROM pg_get_expr(b.indpred, t.oid)
        """,
    ),
)
