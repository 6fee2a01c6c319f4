"""What belongs to a whole server, as sorted lines: roles, what they are members of, their settings, and databases."""

from __future__ import annotations

from dataclasses import dataclass

from tests.harness.catalog import snapshots
from tests.harness.catalog.snapshots import Lines
from tests.harness.server.connection import Connection

# Of a password only its change is told.
LINES = """
WITH role AS (SELECT * FROM pg_authid WHERE rolname = ANY (coalesce(%(roles)s, ARRAY[rolname]))),

base AS (SELECT * FROM pg_database WHERE datname = ANY (coalesce(%(databases)s, ARRAY[datname])))

SELECT format('role %%s: %%s %%s', r.rolname, fact.key, CASE fact.key WHEN 'rolpassword' THEN md5(value) ELSE value END)
FROM role AS r CROSS JOIN LATERAL jsonb_each_text(to_jsonb(r) - 'rolname' - 'oid') AS fact
UNION ALL
SELECT format('role %%s: member of %%s: %%s', m.rolname, r.rolname, to_jsonb(a) - '{oid,roleid,member}'::text [])
FROM pg_auth_members AS a INNER JOIN role AS r ON a.roleid = r.oid INNER JOIN role AS m ON a.member = m.oid
UNION ALL
SELECT format('setting of role %%s in database %%s: %%s', coalesce(r.rolname, 'ALL'), coalesce(b.datname, 'ALL'), item)
FROM pg_db_role_setting AS s LEFT JOIN role AS r ON s.setrole = r.oid LEFT JOIN base AS b ON s.setdatabase = b.oid
CROSS JOIN LATERAL unnest(s.setconfig) AS item
WHERE (s.setrole = 0 OR r.oid IS NOT NULL) AND (s.setdatabase = 0 OR b.oid IS NOT NULL)
UNION ALL
SELECT format(
    'database %%s: owner %%s, privileges %%s, connections %%s up to %%s, template %%s',
    datname, pg_get_userbyid(datdba), coalesce(datacl::text, 'the usual'), datallowconn, datconnlimit, datistemplate
) FROM base
UNION ALL
SELECT format('replication slot %%s', slot_name) FROM pg_replication_slots
UNION ALL
SELECT format('prepared transaction %%s in database %%s', gid, database) FROM pg_prepared_xacts
ORDER BY 1
"""
NAMES = "SELECT rolname::text FROM pg_roles ORDER BY 1"
DATABASES = "SELECT datname::text FROM pg_database ORDER BY 1"


@dataclass(frozen=True)
class ClusterSnapshot:
    """A server's roles and databases at one time."""

    lines: Lines
    roles: tuple[str, ...]
    databases: tuple[str, ...]

    def changes(self, superuser: Connection, *, new_roles: bool, new_databases: bool) -> str:
        """Tell what has become of these roles and databases, and of new ones if asked; empty if nothing."""
        roles, databases = None if new_roles else self.roles, None if new_databases else self.databases
        return snapshots.difference(self.lines, _lines(superuser, roles, databases))


def read(superuser: Connection) -> ClusterSnapshot:
    """Look at a server, as its superuser."""
    roles, databases = (
        tuple(str(name) for (name,) in superuser.execute(query)) for query in (NAMES.encode(), DATABASES.encode())
    )
    return ClusterSnapshot(_lines(superuser, None, None), roles, databases)


def roles(superuser: Connection) -> Lines:
    """List the roles with their attributes, memberships and settings."""
    return _lines(superuser, None, ())


def _lines(superuser: Connection, roles: tuple[str, ...] | None, databases: tuple[str, ...] | None) -> Lines:
    known = {
        name: None if names is None else list(names) for name, names in (("roles", roles), ("databases", databases))
    }
    return tuple(str(line) for (line,) in superuser.execute(LINES.encode(), known))
