"""What belongs to a whole server, as sorted lines: roles, what they are members of, their settings, and databases."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.harness.catalog import snapshots
from tests.harness.catalog.snapshots import Lines
from tests.harness.server.connection import Connection

LINES = Path(__file__).with_suffix(".sql").read_bytes()
# How a line begins that is a role's setting.
SETTING = "setting of role "
ROLES, DATABASES = b"SELECT rolname::text FROM pg_roles ORDER BY 1", b"SELECT datname::text FROM pg_database ORDER BY 1"


@dataclass(frozen=True)
class ClusterSnapshot:
    """A server's roles and databases at one time."""

    lines: Lines
    roles: Sequence[str]
    databases: Sequence[str]

    def changes(self, superuser: Connection, *, new_roles: bool, new_databases: bool, settings: bool = True) -> str:
        """Tell what has become of these roles and databases, and of new ones if asked; empty if nothing."""
        roles, databases = None if new_roles else self.roles, None if new_databases else self.databases
        before, after = (
            tuple(line for line in lines if settings or not line.startswith(SETTING))
            for lines in (self.lines, _lines(superuser, roles, databases))
        )
        return snapshots.difference(before, after)


def read(superuser: Connection) -> ClusterSnapshot:
    """Look at a server, as its superuser."""
    roles, databases = ([str(name) for (name,) in superuser.execute(query)] for query in (ROLES, DATABASES))
    return ClusterSnapshot(_lines(superuser, None, None), roles, databases)


def roles(superuser: Connection) -> Lines:
    """List the roles with their attributes, memberships and settings."""
    return _lines(superuser, None, [])


def _lines(superuser: Connection, roles: Sequence[str] | None, databases: Sequence[str] | None) -> Lines:
    return tuple(str(line) for (line,) in superuser.execute(LINES, {"roles": roles, "databases": databases}))
