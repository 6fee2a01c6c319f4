"""The first application of the migrations, before any test, and the second: under guard, as they are a stranger's code.

What hangs, floods, ends its server, or reaches beyond its database is one finding here, and nothing else is tried:
every test would meet it again. What PostgreSQL refuses on the second run is left to the tests, which say more.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import psycopg
from psycopg import sql

from tests.harness import cluster, platform
from tests.harness.cluster import Cluster
from tests.harness.migration import DoesNotApply, Migration
from tests.harness.patience import SECONDS
from tests.harness.server import SUPERUSER, Connection, Server

AGAIN = "applied_again"
BEYOND = "the migration reaches beyond its database"


@dataclass(frozen=True)
class Guard:
    """Applies one file at a time; looks at the server before and after, and at a session that has no part in it."""

    server: Server
    superuser: Connection
    seconds: float

    def apply(self, dbname: str, migration: Migration) -> None:
        """Apply a file. Raises DoesNotApply, for what it did to others too."""
        with closing(self.server.connect(platform.MIGRATOR)) as bystander:
            before = cluster.read(self.superuser)
            refusal: DoesNotApply | None = None
            try:
                platform.migrate(self.server, dbname, [migration], self.seconds)
            except DoesNotApply as reason:
                refusal = reason
            try:
                changes = before.changes(self.superuser, new_databases=True)
            except psycopg.OperationalError as lost:
                raise refusal or _beyond(migration, f"the server was lost under it ({lost}).", refusal) from lost
            # What it committed before it failed stays: the worse of the two is told.
            if changes:
                raise _beyond(migration, f"roles or databases of the server are not as they were.\n{changes}", refusal)
            try:
                bystander.execute("SELECT 1")
            except psycopg.OperationalError as lost:
                raise refusal or _beyond(migration, "it ended a session that is not its own.", refusal) from lost
        if refusal is not None:
            raise refusal


def build(server: Server, migrations: Sequence[Migration], seconds: float = SECONDS) -> Cluster:
    """Make the roles and the four template databases, as platform.build does, and look at the server.

    Each file has `seconds` to apply. Raises migration.DoesNotApply.
    """
    platform.build_bare(server)
    with closing(server.connect(SUPERUSER)) as superuser:
        guard = Guard(server, superuser, seconds)
        # While the second is made, the first is another database of the same owner: within reach, and not its own.
        for era in platform.ERAS:
            platform.create(server, platform.migrated(era), template=platform.bare(era))
            for migration in migrations:
                guard.apply(platform.migrated(era), migration)
        platform.create(server, AGAIN, template=platform.migrated(era))
        for migration in migrations:
            apply_again(guard, AGAIN, migration)
        superuser.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(AGAIN)))
        platform.keep_from_migrator(superuser)
        return cluster.read(superuser)


def apply_again(guard: Guard, dbname: str, migration: Migration) -> None:
    """Apply a file a second time. Raises DoesNotApply, but not for what PostgreSQL refuses."""
    try:
        guard.apply(dbname, migration)
    except DoesNotApply as refusal:
        if refusal.how:
            what = refusal.what if refusal.what == BEYOND else "the migration does not apply a second time"
            raise replace(refusal, what=what) from None


def _beyond(migration: Migration, how: str, refusal: DoesNotApply | None) -> DoesNotApply:
    return DoesNotApply(
        migration,
        migration.statements[0].line,
        "",
        refusal.error if refusal is not None else psycopg.Error(how),
        how,
        "leave the platform's roles and their settings, other databases and other sessions alone.",
        clause="S9",
        what=BEYOND,
    )
